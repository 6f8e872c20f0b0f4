package io.countersign.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.AttestationOutcome.Misconfigured;
import io.countersign.client.AttestationOutcome.Unavailable;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/** The service's two routes that lead to a token: one challenge, one attestation. Each call is one exchange; nothing is repeated here. */
public final class Attestations {
    private static final int MAX_CHALLENGE = 64 * 1024;
    private static final int MAX_RESULT = 4 * 1024 * 1024;
    /** The contract's nonces: 16 to 64 bytes. */
    private static final int MIN_NONCE = 16;

    private static final int MAX_NONCE = 64;

    /** A new challenge is the remedy of each. */
    private static final Set<String> SPENT = Set.of("nonce-unknown", "nonce-used", "nonce-expired");

    private final Http http;
    private final ServiceAddress service;
    private final InstantSource clock;

    public Attestations(Http http, ServiceAddress service, InstantSource clock) {
        this.http = http;
        this.service = service;
        this.clock = clock;
    }

    /** What asking for a challenge came to. */
    public sealed interface Challenge {
        record Given(Bytes nonce) implements Challenge {}

        record NotGiven(AttestationOutcome outcome) implements Challenge {}
    }

    /** {@code POST /v1/challenges}. */
    public Challenge challenge(String audience, Optional<String> policy) {
        ObjectNode body = StrictJson.newObject().put("audience", audience);
        policy.ifPresent(id -> body.put("policy", id));
        URI uri = service.at("/v1/challenges");
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json");
        Answer answer = Answer.of(uri, http.post(uri, headers, StrictJson.write(body), MAX_CHALLENGE), clock);
        if (!(answer instanceof Answer.Good good)) {
            return new Challenge.NotGiven(outcome(answer));
        }
        return StrictJson.text(good.body(), "nonce")
                .flatMap(Bytes::ofBase64)
                .filter(nonce -> nonce.length() >= MIN_NONCE && nonce.length() <= MAX_NONCE)
                .<Challenge>map(Challenge.Given::new)
                .orElseGet(() -> new Challenge.NotGiven(notTheService(uri, "a nonce of 16 to 64 bytes")));
    }

    /**
     * {@code POST /v1/attestations}.
     *
     * @param idempotencyKey names the request: sent again with the same body it yields the same answer
     * @param secret of a caller that brings a nonce of its own
     */
    public Answer attest(ObjectNode request, String idempotencyKey, Optional<String> secret) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json");
        // A string in quotes: draft-ietf-httpapi-idempotency-key-header, section 2.1.
        headers.put("Idempotency-Key", '"' + idempotencyKey + '"');
        secret.ifPresent(value -> headers.put("Authorization", "Bearer " + value));
        URI uri = service.at("/v1/attestations");
        return Answer.of(uri, http.post(uri, headers, StrictJson.write(request), MAX_RESULT), clock);
    }

    /** What an answer to an attestation means. Everything that is not plainly a token is none. */
    public AttestationOutcome outcome(Answer answer) {
        if (answer instanceof Answer.Good good) {
            return attested(good.body());
        }
        if (answer instanceof Answer.None none) {
            return new Unavailable(Unavailable.Cause.AWAY, none.why(), none.hint(), Optional.empty());
        }
        var bad = (Answer.Bad) answer;
        Problem problem = bad.problem();
        if (problem.code().equals("appraisal-refused") || problem.status() == 422) {
            return new AttestationOutcome.Refused(problem);
        }
        return switch (problem.status()) {
            case 408, 429, 502, 503, 504 -> unavailable(Unavailable.Cause.BUSY, bad);
            case 400, 409, 410 ->
                SPENT.contains(problem.code())
                                || (problem.status() == 409 && !problem.code().equals("policy-digest-differs"))
                        ? unavailable(Unavailable.Cause.BUSY, bad)
                        : misconfigured(problem);
            default -> problem.status() >= 500 ? unavailable(Unavailable.Cause.FAULT, bad) : misconfigured(problem);
        };
    }

    private AttestationOutcome attested(ObjectNode body) {
        Optional<String> token = StrictJson.text(body, "token").filter(Attestations::isCompactJws);
        Optional<Instant> expiresAt = StrictJson.text(body, "expires_at").flatMap(Attestations::instant);
        if (token.isEmpty() || expiresAt.isEmpty()) {
            return notTheService(service.at("/v1/attestations"), "a token and its end");
        }
        body.remove("token");
        return new AttestationOutcome.Attested(token.get(), expiresAt.get(), StrictJson.map(body));
    }

    /** Three parts of base64url; also keeps line ends out of a header that will carry it. */
    private static boolean isCompactJws(String text) {
        return text.matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException ignored) {
            return Optional.empty();
        }
    }

    private static AttestationOutcome notTheService(URI uri, String expected) {
        return new Unavailable(
                Unavailable.Cause.AWAY,
                uri + " answered 200 without " + expected,
                "check that this is the URL of the service and that its version is not newer than this client's",
                Optional.empty());
    }

    private static AttestationOutcome unavailable(Unavailable.Cause cause, Answer.Bad bad) {
        return new Unavailable(
                cause,
                bad.problem().summary(),
                bad.problem().hint().orElse("try again later; the service's log says more"),
                bad.retryAfter());
    }

    private static AttestationOutcome misconfigured(Problem problem) {
        return new Misconfigured(
                "status " + problem.status() + ": " + problem.summary(),
                problem.hint().orElse("check the service's URL and what is asked of it"));
    }
}
