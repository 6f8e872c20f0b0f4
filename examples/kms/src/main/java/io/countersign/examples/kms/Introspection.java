package io.countersign.examples.kms;

import io.countersign.examples.kms.Refusal.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the issuer whether a token still counts (RFC 7662), and with consume: true spends it in the same step. A token whose
 * policy or key was withdrawn, or that was spent, is refused at once; without this it counts until it expires.
 */
@Component
final class Introspection {
    private static final Logger LOG = LoggerFactory.getLogger(Introspection.class);

    private final Settings.Introspection settings;
    private final Http http;
    private final JsonMapper json;

    Introspection(Settings settings, Http http, JsonMapper json) {
        this.settings = settings.introspection();
        this.http = http;
        this.json = json;
        if (!this.settings.enabled()) {
            LOG.warn("introspection is off: a token releases as often as it is shown, until it expires");
        }
    }

    /** Returns when the token counts, and refuses otherwise; no answer is no. */
    void demandActive(Jwt token) {
        if (!settings.enabled()) {
            return;
        }
        JsonNode answer = ask(token);
        JsonNode active = answer.path("active");
        if (active.isBoolean() && !active.booleanValue()) {
            throw inactive(answer);
        }
        if (!active.isBoolean() || !isAbout(token, answer) || !isSpentAsAsked(answer)) {
            LOG.warn("the answer of introspection is not one that can be used");
            throw unavailable();
        }
    }

    private static boolean isAbout(Jwt token, JsonNode answer) {
        return Objects.equals(token.getId(), answer.path("jti").asString(""));
    }

    /** Whoever answers without having spent the token, because he does not know how, would say yes the next time too. */
    private boolean isSpentAsAsked(JsonNode answer) {
        return !settings.consume()
                || "consumed-now".equals(answer.path("countersign_single_use").asString(""));
    }

    /** A token that is nobody's, or another's, is inactive without a reason. */
    private static RefusedException inactive(JsonNode answer) {
        String reason = answer.path("countersign_reason").asString("");
        return Refusal.invalidToken(
                switch (reason) {
                    case "consumed" -> "token-consumed";
                    case "expired" -> "token-expired";
                    case "policy-withdrawn", "policy-changed" -> reason;
                    default -> "token-inactive";
                },
                "a token that the issuer calls active",
                reason.isEmpty() ? "inactive, for no reason given" : reason,
                answer.path("countersign_hint").asString("Attest again and come back with the new token."));
    }

    private JsonNode ask(Jwt token) {
        try {
            return json.readTree(http.send(request(token), settings.timeout()).body());
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            LOG.warn("introspection failed: {}", e.getMessage());
            throw unavailable();
        }
    }

    private HttpRequest.Builder request(Jwt token) throws IOException {
        String form = "token=" + URLEncoder.encode(token.getTokenValue(), StandardCharsets.US_ASCII)
                + (settings.consume() ? "&consume=true" : "");
        URI address = Objects.requireNonNull(settings.url(), "demanded at start");
        // Read each time, so that a new secret counts without a restart.
        String secret = Files.readString(Objects.requireNonNull(settings.callerSecretFile(), "demanded at start"))
                .strip();
        return HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    private static RefusedException unavailable() {
        return Refusal.unavailable(
                "introspection-unavailable", "the issuer's word on this token", "no answer that could be used");
    }
}
