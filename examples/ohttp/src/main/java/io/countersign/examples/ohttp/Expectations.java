package io.countersign.examples.ohttp;

import java.net.URI;
import java.util.Optional;

/**
 * What a client demands of a gateway's token. All of it comes from the client's own configuration, never from the gateway.
 *
 * @param issuer as Countersign names itself; discovery is below it
 * @param audience as registered for the clients of this gateway
 * @param policyId the policy that pins the gateway's image
 * @param policyDigest where the client also pins what the policy says
 * @param machines which kind is accepted
 */
public record Expectations(
        URI issuer, String audience, String policyId, Optional<String> policyDigest, Machines machines) {
    /** Whether a laboratory's roots of trust will do. */
    public enum Machines {
        /** Genuine hardware. */
        PRODUCTION,
        /** Also what an issuer in insecure mode accepts: anyone can make such a machine. */
        LABORATORY_TOO
    }

    public Expectations {
        Web.demandSafe(issuer);
    }
}
