package io.countersign.verifier.policy;

import java.util.List;
import java.util.stream.Collectors;

/** How reading a file ended: all of it is usable, or none of it. */
public sealed interface PolicyReading {
    record Accepted(AppraisalPolicy policy, List<PolicyIssue> warnings) implements PolicyReading {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /** A file of values for policies to draw in; it judges nothing itself. */
    record AcceptedValues(ValuesFile values, List<PolicyIssue> warnings) implements PolicyReading {
        public AcceptedValues {
            warnings = List.copyOf(warnings);
        }
    }

    /** Every finding at once, errors and warnings, in the order of the text. */
    record Refused(List<PolicyIssue> issues) implements PolicyReading {
        public Refused {
            issues = List.copyOf(issues);
        }
    }

    /** Every finding, whether or not the file was accepted. */
    default List<PolicyIssue> findings() {
        return switch (this) {
            case Accepted accepted -> accepted.warnings();
            case AcceptedValues accepted -> accepted.warnings();
            case Refused refused -> refused.issues();
        };
    }

    /** All findings for people, one below the other. */
    default String rendered() {
        return findings().stream().map(PolicyIssue::rendered).collect(Collectors.joining("\n"));
    }
}
