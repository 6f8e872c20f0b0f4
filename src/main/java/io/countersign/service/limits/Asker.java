package io.countersign.service.limits;

import io.countersign.service.collateral.ClientId;

/** Who asks, as far as limits care. */
public record Asker(ClientId client, Standing standing) {
    /** Whether the operator knows who that is. */
    public enum Standing {
        /** Told apart by address only, of which anybody may have many. */
        STRANGER,
        /** Registered, and has shown that it is the one. */
        REGISTERED
    }
}
