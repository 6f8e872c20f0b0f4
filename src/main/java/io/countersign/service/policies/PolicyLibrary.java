package io.countersign.service.policies;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.result.PolicyIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The policies and reference values that are loaded, by id, and what was refused. */
public interface PolicyLibrary {
    /** What a file holds. */
    enum Kind {
        POLICY("policy"),
        VALUES("values");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * One file as the service sees it: what is in use of it, and why the newest is not.
     *
     * @param id of what is in use; of a file that was never loaded what it seems to declare, or its name
     * @param file relative to the folder; of a shipped policy {@code shipped:<id>}
     * @param active the policy in use; empty when nothing is, and for reference values
     * @param identity of what is in use, whichever kind
     * @param source the text of what is in use; when nothing is, the text that was refused
     * @param warnings about what is in use
     * @param loadedAt when what is in use came into use
     * @param refused why the newest text of the file is not in use
     */
    record Entry(
            String id,
            Kind kind,
            String file,
            Optional<AppraisalPolicy> active,
            Optional<PolicyIdentity> identity,
            String source,
            List<PolicyIssue> warnings,
            Optional<Instant> loadedAt,
            Optional<Refusal> refused) {
        public Entry {
            warnings = List.copyOf(warnings);
        }

        /** {@code active}, also while a newer text is refused; {@code rejected} when nothing of the file is in use. */
        public String state() {
            return identity.isPresent() ? "active" : "rejected";
        }
    }

    /** A text that is not used, since when, and why. */
    record Refusal(String file, Instant since, List<PolicyIssue> issues) {
        public Refusal {
            issues = List.copyOf(issues);
        }
    }

    /**
     * How reading the folder ends at present.
     *
     * @param read when it was last read to the end; empty when there is no folder
     * @param trouble why it cannot be read now, so that everything stays as it was
     */
    record FolderState(Optional<Instant> read, Optional<String> trouble) {}

    Optional<AppraisalPolicy> find(String id);

    List<Entry> entries();

    FolderState folder();

    /** What there is to say about an entry at this moment: its warnings, its reference values' ends, and its refusal. */
    List<PolicyIssue> issues(Entry entry);
}
