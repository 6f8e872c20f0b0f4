package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.challenge.ChallengeNonces;
import io.countersign.service.challenge.SpentNonces;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;

/** A challenge's life within one attestation: recognised first, spent right before the token is signed. */
public final class Challenges {
    private final ChallengeNonces nonces;
    private final SpentNonces spent;

    public Challenges(ChallengeNonces nonces, SpentNonces spent) {
        this.nonces = nonces;
        this.spent = spent;
    }

    /** The expiry of an unspent challenge made here for this audience and policy; anything else is a problem. */
    public Instant recognise(Bytes nonce, String audience, String policy, Instant now) {
        return switch (nonces.recognise(nonce, now, audience, policy)) {
            case ChallengeNonces.Recognition.Ours(var expiresAt) -> {
                if (spent.look(nonce) == SpentNonces.Spending.SPENT_BEFORE) {
                    throw used();
                }
                yield expiresAt;
            }
            case ChallengeNonces.Recognition.Expired(var expiredAt) -> throw expired(expiredAt);
            case ChallengeNonces.Recognition.Unknown _ ->
                throw new CountersignException(
                        ProblemCode.NONCE_UNKNOWN,
                        "The nonce looks like a challenge, but was not made by this service for this audience and"
                                + " policy, or was made before its last start.",
                        "Ask for a new one with POST /v1/challenges, and attest anew.");
            case ChallengeNonces.Recognition.NotAChallenge _ ->
                throw new CountersignException(
                        ProblemCode.NONCE_NOT_OURS,
                        "The nonce is not a challenge of this service, and this caller may not bring its own.",
                        "Ask for a challenge with POST /v1/challenges, and attest with it.");
        };
    }

    /**
     * Spends the challenge; of any number of requests with it, one gets through. It may have expired while endorsements were
     * fetched, and an expired one may have been forgotten as spent: so it is refused, not spent again.
     */
    public void spend(Bytes nonce, Instant expiresAt, Instant now) {
        if (!now.isBefore(expiresAt)) {
            throw expired(expiresAt);
        }
        if (spent.spend(nonce, expiresAt, now) == SpentNonces.Spending.SPENT_BEFORE) {
            throw used();
        }
    }

    private static CountersignException expired(Instant at) {
        return new CountersignException(
                ProblemCode.NONCE_EXPIRED,
                "The challenge expired at %s.".formatted(at),
                "Ask for a new one with POST /v1/challenges, and attest anew.");
    }

    private static CountersignException used() {
        return new CountersignException(
                ProblemCode.NONCE_USED,
                "The challenge was spent by an earlier attestation.",
                "Ask for a new one with POST /v1/challenges, and attest anew.");
    }
}
