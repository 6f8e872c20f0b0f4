package io.countersign.service.policies;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.ValuesFile;
import io.countersign.verifier.result.PolicyIdentity;
import java.util.Optional;

/** What a file can be, once it is accepted. */
sealed interface Loadable {
    record OfPolicy(AppraisalPolicy loaded) implements Loadable {}

    record OfValues(ValuesFile loaded) implements Loadable {}

    default PolicyIdentity identity() {
        return switch (this) {
            case OfPolicy(var loaded) -> loaded.identity();
            case OfValues(var loaded) -> loaded.identity();
        };
    }

    default PolicyLibrary.Kind kind() {
        return switch (this) {
            case OfPolicy _ -> PolicyLibrary.Kind.POLICY;
            case OfValues _ -> PolicyLibrary.Kind.VALUES;
        };
    }

    default Optional<AppraisalPolicy> policy() {
        return switch (this) {
            case OfPolicy(var loaded) -> Optional.of(loaded);
            case OfValues _ -> Optional.empty();
        };
    }

    default Optional<ValuesFile> values() {
        return switch (this) {
            case OfPolicy _ -> Optional.empty();
            case OfValues(var loaded) -> Optional.of(loaded);
        };
    }
}
