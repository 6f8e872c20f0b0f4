package io.countersign.client.relying;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.AttestationOutcome;
import io.countersign.client.AttestationOutcome.Attested;
import io.countersign.client.Attestations;
import io.countersign.client.Bytes;
import io.countersign.client.Http;
import io.countersign.client.ServiceAddress;
import io.countersign.client.StrictJson;
import io.countersign.client.StrictJson.NotStrictException;
import io.countersign.client.token.Refusal;
import io.countersign.client.token.TokenVerifier;
import io.countersign.client.token.Verdict;
import io.countersign.client.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * The RATS background check (RFC 9334, section 5.2): the relying party gives the machine a nonce of its own, gets the evidence,
 * and posts it itself. The service must know this caller, and the audience must allow callers' nonces.
 */
public final class BackgroundCheck {
    private static final int NONCE_LENGTH = 32;

    private final Attestations service;
    private final String secret;
    private final String audience;
    private final TokenVerifier verifier;
    private final SecureRandom random = new SecureRandom();

    /** Takes a verifier for the same audience; its expectations are extended by each check's nonce. */
    public BackgroundCheck(ServiceAddress service, Http http, String secret, String audience, TokenVerifier verifier) {
        this.service = new Attestations(http, service, InstantSource.system());
        this.secret = secret;
        this.audience = audience;
        this.verifier = verifier;
    }

    /** How a check ended. Only {@link Good} lets a machine through. */
    public sealed interface Standing {
        /** The service made a token for this nonce, and it verifies. */
        record Good(VerifiedToken token) implements Standing {}

        /** There is no token; the outcome says why. It is never {@link Attested}. */
        record NotAttested(AttestationOutcome outcome) implements Standing {}

        /** There is one, but it is not as expected. */
        record NotAccepted(Refusal refusal) implements Standing {}

        /** What the machine sent is no JSON object, and was not sent on. */
        record Unreadable(String why) implements Standing {}
    }

    /** Fresh random bytes for the machine to answer; to be used for one check and then forgotten. */
    public Bytes nonce() {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        return Bytes.of(nonce);
    }

    /**
     * Posts what a machine answered.
     *
     * @param nonce the one that this machine was given
     * @param evidence the request's member {@code evidence}, as JSON
     * @param key the public JWK that the evidence commits to, as JSON
     */
    public Standing check(Bytes nonce, String evidence, Optional<String> key, Optional<String> policy) {
        ObjectNode request = StrictJson.newObject().put("audience", audience).put("nonce", nonce.base64Url());
        policy.ifPresent(id -> request.put("policy", id));
        try {
            request.set("evidence", StrictJson.object(evidence));
            if (key.isPresent()) {
                request.set("key", StrictJson.object(key.get()));
            }
        } catch (NotStrictException e) {
            return new Standing.Unreadable(String.valueOf(e.getMessage()));
        }
        AttestationOutcome outcome =
                service.outcome(service.attest(request, UUID.randomUUID().toString(), Optional.of(secret)));
        if (!(outcome instanceof Attested attested)) {
            return new Standing.NotAttested(outcome);
        }
        Verdict verdict =
                verifier.expecting(verifier.expectations().nonce(nonce)).verify(attested.token());
        if (verdict instanceof Verdict.Accepted accepted) {
            return new Standing.Good(accepted.token());
        }
        return new Standing.NotAccepted(((Verdict.Refused) verdict).refusal());
    }
}
