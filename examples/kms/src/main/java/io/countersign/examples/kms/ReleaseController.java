package io.countersign.examples.kms;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Releases secrets. Here a token has been verified already: without a good one, nobody learns even which secrets exist. */
@RestController
class ReleaseController {
    private static final Logger LOG = LoggerFactory.getLogger("kms.decisions");
    private static final MediaType JOSE = MediaType.parseMediaType("application/jose");

    private final Settings settings;
    private final Demands demands;
    private final Introspection introspection;
    private final Clock clock;

    ReleaseController(Settings settings, Demands demands, Introspection introspection, Clock clock) {
        this.settings = settings;
        this.demands = demands;
        this.introspection = introspection;
        this.clock = clock;
    }

    /** Whatever can fail, fails before the token is spent; nothing leaves before it is. */
    @PostMapping("/v1/secrets/{name}/release")
    ResponseEntity<String> release(@PathVariable String name, @AuthenticationPrincipal Jwt token) {
        Settings.Secret secret = settings.secrets().get(name);
        if (secret == null) {
            throw new Refusal.RefusedException(new Refusal(
                    404, "secret-unknown", "the name of a secret", "another", "See which secrets this KMS has."));
        }
        demands.meet(token, secret);
        Recipient recipient = Recipient.of(token);
        String wrapped = Wrapping.wrap(read(name), name, recipient, token, clock.instant());
        introspection.demandActive(token);
        LOG.info(
                "released secret={} jti={} policy={} digest={} key={}",
                name,
                token.getId(),
                token.getClaimAsString("countersign_policy_id"),
                token.getClaimAsString("countersign_policy_digest"),
                recipient.keyId());
        return ResponseEntity.ok().contentType(JOSE).body(wrapped);
    }

    /** Read each time, so that a new value counts without a restart; only names of the settings come here. */
    private byte[] read(String name) {
        try {
            return Files.readAllBytes(settings.secretsFolder().resolve(name));
        } catch (IOException e) {
            LOG.error(
                    "the file of secret {} cannot be read: {}",
                    name,
                    e.getClass().getSimpleName());
            throw Refusal.unavailable("secret-unavailable", "the secret", "no file that can be read");
        }
    }
}
