package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.challenge.ChallengeNonces;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;

/** A challenge's life within one attestation: recognised first, spent right before the token is handed out. */
public final class Challenges {
    private final ChallengeNonces nonces;
    private final OnceStore store;

    public Challenges(ChallengeNonces nonces, OnceStore store) {
        this.nonces = nonces;
        this.store = store;
    }

    /** An unspent challenge made here for this audience and policy; anything else is a problem. */
    public Fresh.Challenge recognise(Bytes nonce, String audience, String policy, Instant now) {
        Epoch epoch = store.epoch();
        ChallengeNonces.Recognition recognition = nonces.recognise(nonce, epoch, now, audience, policy);
        if (recognition instanceof ChallengeNonces.Recognition.Unknown
                && store.look(Kind.CHALLENGE, nonce, epoch) == Spending.FORGOTTEN) {
            // That epoch is over, and another replica may have noticed earlier. The answer has brought the present one.
            epoch = store.epoch();
            recognition = nonces.recognise(nonce, epoch, now, audience, policy);
        }
        return switch (recognition) {
            case ChallengeNonces.Recognition.Ours(var expiresAt) -> {
                admitted(store.look(Kind.CHALLENGE, nonce, epoch));
                yield new Fresh.Challenge(nonce, expiresAt, epoch);
            }
            case ChallengeNonces.Recognition.Expired(var expiredAt) -> throw expired(expiredAt);
            case ChallengeNonces.Recognition.Unknown _ -> throw unknown();
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
    public void spend(Fresh.Challenge challenge, Instant now) {
        if (!now.isBefore(challenge.expiresAt())) {
            throw expired(challenge.expiresAt());
        }
        admitted(store.spend(Kind.CHALLENGE, challenge.nonce(), challenge.madeUnder(), challenge.expiresAt(), now));
    }

    private static void admitted(Spending spending) {
        switch (spending) {
            case SPENT_NOW -> {}
            case SPENT_BEFORE -> throw used();
            case FORGOTTEN -> throw unknown();
        }
    }

    private static CountersignException unknown() {
        return new CountersignException(
                ProblemCode.NONCE_UNKNOWN,
                "The nonce looks like a challenge, but was not made by this service for this audience and"
                        + " policy, or was made before it, or the store that replicas share, was last started.",
                "Ask for a new one with POST /v1/challenges, and attest anew.");
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
