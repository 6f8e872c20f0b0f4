package io.countersign.client.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Answer;
import io.countersign.client.AttestationOutcome.Unavailable.Cause;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.Http;
import io.countersign.client.Http.Exchange;
import io.countersign.client.Problem;
import io.countersign.client.ServiceAddress;
import io.countersign.client.StrictJson;
import io.countersign.client.StrictJson.NotStrictException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks a KMS for a secret with a token and unwraps it: {@code POST {kms}/v1/secrets/{name}/release}. Asks once: where the KMS
 * makes tokens single-use, the same token may not serve again, so a lost answer calls for a new attestation.
 */
public final class SecretRelease {
    private static final int MAX_ANSWER = 512 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+\\.([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]+");

    private final ServiceAddress kms;
    private final Http http;

    public SecretRelease(ServiceAddress kms, Http http) {
        this.kms = kms;
        this.http = http;
    }

    /** How a release ended. Only {@link Released} has a secret. */
    public sealed interface Outcome {
        record Released(Bytes secret) implements Outcome {}

        /** The KMS says no, with its reasons. */
        record Refused(Problem problem) implements Outcome {}

        /** The KMS said yes, but what it sent is not what was asked for, and is not used. */
        record Untrusted(String expected, String found, String hint) implements Outcome {}

        /** There is no answer now. */
        record Unavailable(Cause cause, String why, String hint, Optional<Duration> retryAfter) implements Outcome {}

        /** Trying again changes nothing before somebody changes something. */
        record Misconfigured(String what, String hint) implements Outcome {}
    }

    public Outcome release(SecretName name, String token, AttestedKey key) {
        Optional<WrappedSecret.Context> context = context(name, token);
        if (context.isEmpty()) {
            return new Outcome.Misconfigured(
                    "what was given as token is none of Countersign's",
                    "attest first, and give the file that was written");
        }
        URI uri = kms.at("/v1/secrets/" + name.text() + "/release");
        Exchange exchange = http.post(
                uri,
                Map.of("Authorization", "Bearer " + token, "Accept", "application/jose, application/problem+json"),
                "",
                MAX_ANSWER);
        if (exchange instanceof Exchange.Answered answered && answered.status() == 200) {
            return opened(WrappedSecret.open(answered.body().strip(), key, context.get()));
        }
        return refused(Answer.of(uri, exchange, InstantSource.system()));
    }

    private static Outcome opened(WrappedSecret.Opened opened) {
        if (opened instanceof WrappedSecret.Opened.Secret secret) {
            return new Outcome.Released(secret.content());
        }
        var refused = (WrappedSecret.Opened.Refused) opened;
        return new Outcome.Untrusted(refused.expected(), refused.found(), refused.hint());
    }

    private static Outcome refused(Answer answer) {
        if (answer instanceof Answer.Bad bad) {
            Problem problem = bad.problem();
            return switch (problem.status()) {
                case 401, 403 -> new Outcome.Refused(problem);
                case 408, 429, 502, 503, 504 ->
                    new Outcome.Unavailable(
                            Cause.BUSY,
                            problem.summary(),
                            problem.hint().orElse("try again later, with a token that still counts"),
                            bad.retryAfter());
                default ->
                    problem.status() >= 500
                            ? new Outcome.Unavailable(
                                    Cause.FAULT,
                                    problem.summary(),
                                    problem.hint().orElse("see the log of the KMS"),
                                    bad.retryAfter())
                            : new Outcome.Misconfigured(
                                    "the KMS answered " + problem.status() + ": " + problem.summary(),
                                    problem.hint().orElse("check the URL of the KMS and the secret's name"));
            };
        }
        if (answer instanceof Answer.None none) {
            return new Outcome.Unavailable(Cause.AWAY, none.why(), none.hint(), Optional.empty());
        }
        throw new IllegalStateException("status 200 is handled before");
    }

    /** The token is this machine's own, so it is read for what its release must name, and not verified. */
    private static Optional<WrappedSecret.Context> context(SecretName name, String token) {
        var parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Bytes.ofBase64(parts.group(1)).flatMap(payload -> {
            try {
                ObjectNode claims = StrictJson.object(new String(payload.toByteArray(), StandardCharsets.UTF_8));
                return StrictJson.text(claims, "jti").flatMap(id -> StrictJson.text(claims, "countersign_policy_digest")
                        .map(digest -> new WrappedSecret.Context(name, id, digest)));
            } catch (NotStrictException ignored) {
                return Optional.empty();
            }
        });
    }
}
