package io.countersign.service.policies;

import io.countersign.service.policies.PolicyLibrary.Kind;
import io.countersign.service.policies.PolicyLibrary.Refusal;
import io.countersign.verifier.policy.PolicyIssue;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in use of each file and what was refused. Of each file either the newest text is in use or, when that was
 * refused, the last good one; a file that is gone takes its policy with it.
 *
 * @param loaded by file, in the order of the files, the shipped ones first
 * @param refused by file
 */
record PolicyBook(Map<String, Loaded> loaded, Map<String, RefusedText> refused) {
    /**
     * What is in use of a file, and since when.
     *
     * @param file where it was read from, which may since have been renamed or have taken a shipped policy's place
     */
    record Loaded(String file, Loadable content, String source, List<PolicyIssue> warnings, Instant since) {
        Loaded {
            warnings = List.copyOf(warnings);
        }

        /** What requests name. */
        Name name() {
            return new Name(content.kind(), content.identity().id());
        }
    }

    /**
     * A text that is not in use.
     *
     * @param id as it seems to declare, or its file's name
     */
    record RefusedText(String id, Kind kind, String source, Refusal refusal) {}

    /** Policies and reference values have names of their own. */
    record Name(Kind kind, String id) {}

    PolicyBook {
        loaded = Collections.unmodifiableMap(new LinkedHashMap<>(loaded));
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }

    static PolicyBook empty() {
        return new PolicyBook(Map.of(), Map.of());
    }

    /** Everything in use by name, with its file. */
    Map<Name, String> names() {
        var names = new LinkedHashMap<Name, String>();
        loaded.forEach((file, each) -> names.put(each.name(), file));
        return names;
    }

    Optional<Loaded> at(String file) {
        return Optional.ofNullable(loaded.get(file));
    }
}
