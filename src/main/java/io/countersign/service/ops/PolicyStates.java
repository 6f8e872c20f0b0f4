package io.countersign.service.ops;

import io.countersign.service.policies.PolicyLibrary;
import io.countersign.service.policies.PolicyLibrary.Entry;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.result.PolicyIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of every policy in one line. */
final class PolicyStates {
    /** Enough to tell two versions apart by eye. */
    private static final int SHORT_DIGEST = 12;

    private PolicyStates() {}

    /** The line of each by its id; of a refused file with the id of another one, by both. */
    static Map<String, String> of(PolicyLibrary library) {
        var states = new LinkedHashMap<String, String>();
        for (Entry entry : library.entries()) {
            String name = entry.kind() == PolicyLibrary.Kind.POLICY ? entry.id() : "values " + entry.id();
            String line = line(entry, library.issues(entry));
            if (states.putIfAbsent(name, line) != null) {
                states.put("%s in %s".formatted(name, entry.file()), line);
            }
        }
        return states;
    }

    private static String line(Entry entry, List<PolicyIssue> issues) {
        String state = entry.identity()
                .map(identity ->
                        "%s: version %s, digest %s".formatted(entry.state(), identity.version(), brief(identity)))
                .orElse(entry.state());
        return entry.refused()
                .map(refusal -> "%s; %s refused since %s, %s"
                        .formatted(state, refusal.file(), refusal.since(), first(refusal.issues())))
                .orElseGet(() -> issues.isEmpty() ? state : "%s; %s".formatted(state, first(issues)));
    }

    private static String brief(PolicyIdentity identity) {
        return identity.digest().toString().substring(0, SHORT_DIGEST);
    }

    /** The first error, or the first finding when there is none. */
    private static String first(List<PolicyIssue> issues) {
        return issues.stream()
                .min((one, other) -> one.severity().compareTo(other.severity()))
                .map(issue -> "%s at line %d: %s%s"
                        .formatted(
                                issue.severity().word(),
                                issue.line(),
                                issue.message(),
                                issues.size() == 1 ? "" : " (and %d more)".formatted(issues.size() - 1)))
                .orElse("for no stated reason");
    }
}
