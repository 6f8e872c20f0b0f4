package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.audience.Audiences.Audience;
import io.countersign.service.audience.Audiences.Nonces;
import io.countersign.service.caller.Caller;
import io.countersign.service.challenge.ChallengeNonces;
import io.countersign.service.store.OnceStore;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Freshness;
import java.time.Instant;

/**
 * Whose nonce makes a request fresh: a challenge of this service (passport model, RFC 9334, section 5.1), or a nonce of a
 * caller that may bring its own (background-check model, section 5.2).
 */
public final class Freshening {
    private final Challenges challenges;
    private final OnceStore store;

    public Freshening(Challenges challenges, OnceStore store) {
        this.challenges = challenges;
        this.store = store;
    }

    /** What makes the request fresh; a nonce that does not is a problem that says which condition is missing. */
    Fresh recognise(Bytes nonce, Audience audience, AppraisalPolicy policy, Caller caller, Instant now) {
        admit(nonce, audience, policy, caller);
        if (caller instanceof Caller.Known known && isCallers(nonce)) {
            return new Fresh.OfCaller(known.name(), store.epoch());
        }
        return challenges.recognise(
                nonce, audience.relyingParty().audience(), policy.identity().id(), now);
    }

    /** The conditions that lie with configuration and policy, whatever became of the nonce. */
    void admit(Bytes nonce, Audience audience, AppraisalPolicy policy, Caller caller) {
        if (isCallers(nonce)) {
            admitOfCaller(audience, policy, caller);
        } else if (!policy.freshness().contains(Freshness.CHALLENGE)) {
            throw new CountersignException(
                    ProblemCode.POLICY_NOT_ALLOWED,
                    "The policy \"%s\" does not accept evidence that is fresh by a challenge of this service."
                            .formatted(policy.identity().id()),
                    "Add challenge to its accept.freshness, or let the key service bring a nonce of its own.");
        }
    }

    /** Right before the token, which is signed by then, is handed out. What a caller brings is for the caller to use once, and is not spent here. */
    void spend(Fresh fresh, Instant now) {
        switch (fresh) {
            case Fresh.Challenge challenge -> challenges.spend(challenge, now);
            case Fresh.OfCaller _ -> {}
        }
    }

    private static boolean isCallers(Bytes nonce) {
        return !nonce.startsWith(ChallengeNonces.MAGIC);
    }

    /** What the audience and its policy take is told only to who speaks for it. */
    private static void admitOfCaller(Audience audience, AppraisalPolicy policy, Caller caller) {
        String uri = audience.relyingParty().audience();
        switch (caller) {
            case Caller.Anonymous _ ->
                throw notOurs(
                        "The nonce is not a challenge of this service, and nobody says who brings it.",
                        "Ask for a challenge with POST /v1/challenges, and attest with it. A key service with nonces of"
                                + " its own sends Authorization: Bearer and the secret of a registered caller.");
            case Caller.Known(var name, var audiences, var _) -> {
                if (!audiences.contains(audience.name())) {
                    throw notOurs(
                            "The nonce is not a challenge of this service, and the caller %s does not speak for the audience %s."
                                    .formatted(name, uri),
                            "Add the audience's name to countersign.callers.%s.audiences, or attest with a challenge of POST /v1/challenges."
                                    .formatted(name));
                }
            }
        }
        if (audience.nonces() == Nonces.CHALLENGES) {
            throw notOurs(
                    "The nonce is not a challenge of this service, and the audience %s takes nothing else."
                            .formatted(uri),
                    "Set countersign.audiences.%s.caller-nonce=true, or attest with a challenge of POST /v1/challenges."
                            .formatted(audience.name()));
        }
        if (!policy.freshness().contains(Freshness.CALLER)) {
            throw notOurs(
                    "The nonce is not a challenge of this service, and the policy \"%s\" takes nothing else."
                            .formatted(policy.identity().id()),
                    "Add caller to the policy's accept.freshness, or attest with a challenge of POST /v1/challenges.");
        }
    }

    private static CountersignException notOurs(String detail, String hint) {
        return new CountersignException(ProblemCode.NONCE_NOT_OURS, detail, hint);
    }
}
