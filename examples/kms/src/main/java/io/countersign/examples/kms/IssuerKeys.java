package io.countersign.examples.kms;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The issuer's public keys: found by discovery, fetched when a token asks for them, believed as long as the issuer's
 * Cache-Control says and no longer than the settings allow. That time is the window in which a key that the issuer withdrew
 * in an emergency still counts here; introspection closes it.
 */
@Component
final class IssuerKeys implements JWKSource<SecurityContext> {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Pattern MAX_AGE = Pattern.compile("max-age=([0-9]{1,9})");
    private static final Pattern NOT_CACHEABLE = Pattern.compile("no-store|no-cache");

    private record Believed(JWKSet keys, Instant until) {}

    private final Settings settings;
    private final Http http;
    private final JsonMapper json;
    private final Clock clock;
    private volatile Believed believed = new Believed(new JWKSet(), Instant.MIN);
    private Instant lastFetch = Instant.MIN;

    IssuerKeys(Settings settings, Http http, JsonMapper json, Clock clock) {
        this.settings = settings;
        this.http = http;
        this.json = json;
        this.clock = clock;
    }

    /** Called by Nimbus with the token's kid and algorithm; which key may serve which is in the selector. */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        Believed now = believed;
        // Without the lock, which a fetch holds: whose key is known must not wait because somebody invents one.
        JWKSet known = clock.instant().isBefore(now.until()) ? now.keys() : current(Need.ANY);
        List<JWK> found = selector.select(known);
        if (found.isEmpty()) {
            // Perhaps the issuer has a new key since.
            found = selector.select(current(Need.NEWER));
        }
        if (found.isEmpty()) {
            throw Refusal.invalidToken(
                    "signing-key-unknown",
                    "a key that the issuer publishes now, for ES256 or ES384",
                    "a token signed with another",
                    "Attest again. A key that was published in the last %d s may not be known here yet."
                            .formatted(settings.keys().coolDown().toSeconds()));
        }
        return found;
    }

    private enum Need {
        ANY,
        NEWER
    }

    private synchronized JWKSet current(Need need) {
        Instant now = clock.instant();
        boolean usable = now.isBefore(believed.until());
        boolean mayFetch = !now.isBefore(lastFetch.plus(settings.keys().coolDown()));
        if (mayFetch && (need == Need.NEWER || !usable)) {
            lastFetch = now;
            try {
                believed = fetch(now);
                usable = true;
            } catch (IOException | ParseException | JacksonException | IllegalArgumentException e) {
                // Also of addresses that are none, and numbers that are none: whatever the issuer may have written.
                LOG.warn("the issuer's keys cannot be fetched: {}", e.getMessage());
            }
        }
        if (!usable) {
            throw Refusal.unavailable("issuer-unavailable", "the issuer's keys", "no answer that could be used");
        }
        return believed.keys();
    }

    private Believed fetch(Instant now) throws IOException, ParseException {
        Duration timeout = settings.keys().timeout();
        URI discovery = URI.create(settings.issuer() + "/.well-known/openid-configuration");
        JsonNode document = json.readTree(http.get(discovery, timeout).body());
        String jwksUri = document.path("jwks_uri").asString("");
        // OpenID Connect Discovery 1.0, section 4.3: a document of another issuer is not followed.
        if (!settings.issuer().toString().equals(document.path("issuer").asString(""))) {
            throw new IOException("%s is of another issuer".formatted(discovery));
        }
        if (!jwksUri.startsWith("https://") && !settings.laboratory()) {
            throw new IOException("%s names no https address of keys".formatted(discovery));
        }
        HttpResponse<String> answer = http.get(URI.create(jwksUri), timeout);
        return new Believed(JWKSet.parse(answer.body()), now.plus(lifetime(answer)));
    }

    /** At least the cool-down, which is when the next fetch may be. */
    private Duration lifetime(HttpResponse<?> answer) {
        String control = String.join(",", answer.headers().allValues("Cache-Control"));
        Matcher maxAge = MAX_AGE.matcher(control);
        if (NOT_CACHEABLE.matcher(control).find() || !maxAge.find()) {
            return settings.keys().coolDown();
        }
        // A cache on the way may have held it for a while: RFC 9111, section 5.1.
        Duration left = Duration.ofSeconds(Long.parseLong(maxAge.group(1))
                - answer.headers().firstValueAsLong("Age").orElse(0));
        Duration most = settings.keys().believedAtMost();
        Duration least = settings.keys().coolDown();
        return left.compareTo(most) > 0 ? most : left.compareTo(least) < 0 ? least : left;
    }
}
