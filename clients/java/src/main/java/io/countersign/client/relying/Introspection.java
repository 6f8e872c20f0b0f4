package io.countersign.client.relying;

import io.countersign.client.Answer;
import io.countersign.client.Http;
import io.countersign.client.Plain;
import io.countersign.client.Problem;
import io.countersign.client.ServiceAddress;
import io.countersign.client.StrictJson;
import io.countersign.client.token.VerifiedToken;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * Asks the service whether a token still counts (RFC 7662), and spends it in the same step. Takes only tokens that were verified.
 * A question is never repeated: the first may have spent the token.
 */
public final class Introspection {
    private static final int MAX_ANSWER = 64 * 1024;

    private final URI uri;
    private final Http http;
    private final String secret;

    /** Takes the secret by which the service knows this caller. */
    public Introspection(ServiceAddress service, Http http, String secret) {
        this.uri = service.at("/v1/tokens/introspect");
        this.http = http;
        this.secret = secret;
    }

    /** The service's word. Only {@link Active} lets a token through. */
    public sealed interface Standing {
        /** It counts; if it was spent, then by this very question. */
        record Active(VerifiedToken token) implements Standing {}

        /** It was spent before, withdrawn, or is none of the service's. */
        record Inactive(String reason, String hint) implements Standing {}

        /** Nobody knows, so it does not count. The machine attests again. */
        record Unknown(String why, String hint) implements Standing {}
    }

    /** Asks and spends: of all who ask so about one token, one is told that it counts. */
    public Standing consume(VerifiedToken token) {
        return ask(token, "&consume=true", "consumed-now");
    }

    /** Asks only: of no use against replay. */
    public Standing look(VerifiedToken token) {
        return ask(token, "", "unused");
    }

    private Standing ask(VerifiedToken token, String more, String use) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("Accept", "application/json");
        headers.put("Authorization", "Bearer " + secret);
        String form = "token=" + URLEncoder.encode(token.compact(), StandardCharsets.UTF_8) + more;
        Answer answer = Answer.of(uri, http.post(uri, headers, form, MAX_ANSWER), InstantSource.system());
        if (answer instanceof Answer.Good good) {
            return standing(token, good, use);
        }
        if (answer instanceof Answer.None none) {
            return new Standing.Unknown(none.why(), none.hint());
        }
        Problem problem = ((Answer.Bad) answer).problem();
        return new Standing.Unknown(
                "status " + problem.status() + ": " + problem.explained(),
                problem.status() == 401 || problem.status() == 403
                        ? "register this caller with the service, with the SHA-256 of its secret and with the audience"
                        : "try again later; the service's log says more");
    }

    /** Yes is the literal true, about this very token, with the word for what was asked. Everything else is no. */
    private Standing standing(VerifiedToken token, Answer.Good good, String use) {
        var active = good.body().path("active");
        if (active.isBoolean() && !active.booleanValue()) {
            return new Standing.Inactive(
                    StrictJson.text(good.body(), "countersign_reason")
                            .map(Plain::line)
                            .orElse("no reason given"),
                    StrictJson.text(good.body(), "countersign_hint")
                            .map(Plain::line)
                            .orElse(
                                    "the machine attests again; reasons are told only to callers of the token's audience"));
        }
        if (!active.isBoolean()) {
            return unusable("without saying whether the token is active");
        }
        if (!says(good, "jti", token.id())) {
            return unusable("about another token");
        }
        if (!says(good, "countersign_single_use", use)) {
            return unusable("without countersign_single_use: " + use);
        }
        return new Standing.Active(token);
    }

    private static boolean says(Answer.Good good, String member, String expected) {
        return StrictJson.text(good.body(), member).filter(expected::equals).isPresent();
    }

    private Standing unusable(String how) {
        return new Standing.Unknown(uri + " answered " + how, "check that this is the URL of the service");
    }
}
