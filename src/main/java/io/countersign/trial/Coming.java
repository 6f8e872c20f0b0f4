package io.countersign.trial;

import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelPublication;
import java.util.Map;

/**
 * What Intel has published to count later: the statements of its early channel.
 *
 * @param statements by what they answer
 * @param troubles why there is none, by what was asked for
 */
public record Coming(
        Map<IntelEndorsementRef, IntelPublication.Statement> statements, Map<IntelEndorsementRef, String> troubles) {
    public Coming {
        statements = Map.copyOf(statements);
        troubles = Map.copyOf(troubles);
    }

    public static Coming nothing() {
        return new Coming(Map.of(), Map.of());
    }

    /** Why there is no such statement. */
    String trouble(IntelEndorsementRef ref) {
        return troubles.getOrDefault(ref, "nobody brought it");
    }
}
