package io.countersign.service.policies;

import io.countersign.service.policies.PolicyBook.Loaded;
import io.countersign.service.policies.PolicyBook.Name;
import io.countersign.service.policies.PolicyBook.RefusedText;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.result.PolicyIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One thing that is different between two books. */
public sealed interface PolicyChange {
    /** What happened, in one sentence, with what there is to say about it below. */
    String said();

    /** Something is in use that was not: for the first time, or instead of {@code before}. */
    record Taken(
            String file,
            PolicyLibrary.Kind kind,
            PolicyIdentity identity,
            Optional<PolicyIdentity> before,
            List<PolicyIssue> warnings)
            implements PolicyChange {
        public Taken {
            warnings = List.copyOf(warnings);
        }

        /** Whether an owner's policy judges in place of the one that ships under the same id. */
        boolean insteadOfShipped() {
            return kind == PolicyLibrary.Kind.POLICY
                    && !ShippedPolicies.isOne(file)
                    && ShippedPolicies.isShipped(identity.id());
        }

        @Override
        public String said() {
            String from = before.map(old -> old.equals(identity) ? "the same" : "%s ->".formatted(version(old)))
                    .map(text -> text + " ")
                    .orElse("");
            return "%s %s: %s%s from %s%s%s"
                    .formatted(
                            kind.word(),
                            identity.id(),
                            from,
                            version(identity),
                            file,
                            insteadOfShipped() ? ", in place of the shipped one" : "",
                            below(warnings));
        }
    }

    /** Something is no longer in use, and nothing of its id is. */
    record Gone(String file, PolicyLibrary.Kind kind, PolicyIdentity identity) implements PolicyChange {
        @Override
        public String said() {
            return "%s %s: %s is no longer loaded; %s no longer declares it"
                    .formatted(kind.word(), identity.id(), version(identity), file);
        }
    }

    /** A text is not used. */
    record Refused(String file, Optional<PolicyIdentity> stays, List<PolicyIssue> issues) implements PolicyChange {
        public Refused {
            issues = List.copyOf(issues);
        }

        @Override
        public String said() {
            return "%s is refused%s%s"
                    .formatted(
                            file,
                            stays.map(identity -> ", and %s %s stays".formatted(identity.id(), version(identity)))
                                    .orElse(", and nothing of it is loaded"),
                            below(issues));
        }
    }

    /** There is nothing wrong with a file any more, or no such file. */
    record Mended(String file) implements PolicyChange {
        @Override
        public String said() {
            return "%s is no longer refused".formatted(file);
        }
    }

    private static String version(PolicyIdentity identity) {
        return "version %s %s".formatted(Shown.name(identity.version()), identity.digestText());
    }

    private static String below(List<PolicyIssue> issues) {
        return issues.stream().map(issue -> "\n" + issue.rendered()).collect(Collectors.joining());
    }

    /** Everything that is different, in the order of the later book. */
    static List<PolicyChange> between(PolicyBook before, PolicyBook after) {
        var changes = new ArrayList<PolicyChange>();
        var oldNames = before.names();
        after.loaded().forEach((file, now) -> {
            Optional<Loaded> old = Optional.ofNullable(oldNames.get(now.name())).flatMap(before::at);
            boolean same = old.filter(each ->
                            each.content().identity().equals(now.content().identity())
                                    && each.source().equals(now.source())
                                    && each.file().equals(now.file()))
                    .isPresent();
            if (!same) {
                changes.add(new Taken(
                        now.file(),
                        now.content().kind(),
                        now.content().identity(),
                        old.map(each -> each.content().identity()),
                        now.warnings()));
            }
        });
        var newNames = after.names();
        before.loaded().forEach((file, old) -> {
            Name name = old.name();
            if (!newNames.containsKey(name)) {
                changes.add(new Gone(file, name.kind(), old.content().identity()));
            }
        });
        after.refused().forEach((file, now) -> {
            Optional<RefusedText> old = Optional.ofNullable(before.refused().get(file));
            if (old.filter(each -> each.refusal().issues().equals(now.refusal().issues()))
                    .isEmpty()) {
                changes.add(new Refused(
                        file,
                        after.at(file).map(each -> each.content().identity()),
                        now.refusal().issues()));
            }
        });
        before.refused().keySet().stream()
                .filter(file -> !after.refused().containsKey(file))
                .forEach(file -> changes.add(new Mended(file)));
        return changes;
    }
}
