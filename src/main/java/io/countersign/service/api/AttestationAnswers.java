package io.countersign.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.IdempotencyKey;
import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.KeptAnswers;
import io.countersign.service.audit.Docket;
import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.signing.IssuedTokens;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Answers attestations, and gives a request that is sent again with its Idempotency-Key the answer that it had. Only tokens
 * are remembered: a refusal had no effect, and is judged anew.
 */
public final class AttestationAnswers {
    /** The request that was first may be signing its token while the second one finds the challenge spent. */
    private static final int LOOKS = 5;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AttestationService service;
    private final KeptAnswers kept;
    private final IssuedTokens issued;
    private final InstantSource clock;

    /**
     * A 200.
     *
     * @param document the JSON document, the token in it
     */
    record Answer(Bytes document, String token, Turn turn) {}

    /** Which one of the requests with one key this was. */
    enum Turn {
        FIRST,
        AGAIN
    }

    public AttestationAnswers(AttestationService service, KeptAnswers kept, IssuedTokens issued, InstantSource clock) {
        this.service = service;
        this.kept = kept;
        this.issued = issued;
        this.clock = clock;
    }

    Answer answer(AppraisalRequest request, byte[] body, Optional<IdempotencyKey> key, Caller caller, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        Docket.current()
                .asksFor(request.audience(), request.policy())
                .nonce(request.binding().nonce());
        if (key.isEmpty()) {
            return first(service.attest(request, caller, client));
        }
        var question = new KeptAnswers.Question(key.get(), Bytes.copyOf(body).sha256(), caller);
        Optional<Answer> known = again(question, request);
        return known.isPresent() ? known.get() : once(question, request, client);
    }

    private Answer once(KeptAnswers.Question question, AppraisalRequest request, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        try {
            AttestationService.Attestation made = service.attest(request, question.caller(), client);
            Answer answer = first(made);
            kept.keep(
                    question, answer.document(), made.madeUnder(), made.token().expiresAt(), clock.instant());
            return answer;
        } catch (CountersignException e) {
            if (e.problem().code() != ProblemCode.NONCE_USED) {
                throw e;
            }
            return soon(question, request).orElseThrow(() -> e);
        }
    }

    private static Answer first(AttestationService.Attestation made) {
        return new Answer(
                Bytes.copyOf(Json.write(made.document())), made.token().compact(), Turn.FIRST);
    }

    private Optional<Answer> soon(KeptAnswers.Question question, AppraisalRequest request) {
        for (int look = 0; look < LOOKS; look++) {
            pause();
            Optional<Answer> found = again(question, request);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer that the same request had, if its token is still one that this request would be given. */
    private Optional<Answer> again(KeptAnswers.Question question, AppraisalRequest request) {
        Instant now = clock.instant();
        Optional<Bytes> document = kept.recall(question, now);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        JsonNode read = parse(document.get());
        if (!now.isBefore(Instant.parse(read.path("expires_at").asText()))) {
            return Optional.empty();
        }
        String token = read.path("token").asText();
        if (!(issued.recognise(token) instanceof IssuedTokens.Recognition.Ours(var keyId, var claims))) {
            // Its key was withdrawn since. Nobody is to believe that token any more, so it is not given again.
            return Optional.empty();
        }
        PolicyIdentity policy = service.admit(request, question.caller());
        refuseIfWithdrawn(read.path("policy"), policy);
        Docket.current()
                .repeats()
                .policy(policy)
                .token(
                        String.valueOf(claims.get("jti")),
                        Optional.of(keyId),
                        Instant.parse(read.path("expires_at").asText()));
        return Optional.of(new Answer(document.get(), token, Turn.AGAIN));
    }

    /** An answer that is repeated must not outlive the withdrawal of the policy that it was made under. */
    private static void refuseIfWithdrawn(JsonNode then, PolicyIdentity now) {
        String id = then.path("id").asText();
        String digest = then.path("digest").asText();
        if (!id.equals(now.id()) || !digest.equals(now.digestText())) {
            throw new CountersignException(
                    ProblemCode.POLICY_DIGEST_DIFFERS,
                    "The first answer to this request was made under the policy \"%s\" with the digest %s; now it would be \"%s\" with %s."
                            .formatted(id, digest, now.id(), now.digestText()),
                    "Ask for a new challenge with POST /v1/challenges, and attest anew.");
        }
    }

    private static JsonNode parse(Bytes document) {
        try {
            return MAPPER.readTree(document.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("what this service sealed is JSON", e);
        }
    }
}
