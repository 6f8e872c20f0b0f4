package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.JOSEException;
import io.countersign.proof.Attack.Loot;
import io.countersign.proof.RelyingSoftware.Setup;
import io.countersign.proof.RelyingSoftware.Terms;
import io.countersign.proof.Verdict.Accepted;
import io.countersign.proof.Verdict.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gate of examples/haproxy, and how the configuration of HAProxy's manual falls short of it. */
class HaproxyGateIT {
    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static ProofServices services;

    @BeforeAll
    static void start() throws IOException, InterruptedException, JOSEException {
        services = ProofServices.start();
    }

    @AfterAll
    static void stop() {
        services.close();
    }

    private static HaproxySoftware gate(Setup setup) throws IOException, InterruptedException {
        return new HaproxySoftware(setup, terms(PackagedService.AUDIENCE));
    }

    private static Terms terms(String audience) {
        return new Terms(services.publisher(), audience, PackagedService.POLICY);
    }

    private static Loot loot() throws IOException, InterruptedException {
        String good = services.token(PackagedService.AUDIENCE);
        return new Loot(services, Jws.of(good), services.stolenKey(good));
    }

    @Test
    void theManualsConfigurationLetsAnExpiredTokenThroughAndOursDoesNot() throws Exception {
        try (var manual = gate(Setup.LEAST);
                var ours = gate(Setup.ADVISED)) {
            String expired = Attack.EXPIRED.tokens(loot()).getFirst();
            assertEquals(new Accepted(), manual.judge(expired));
            assertEquals(new Refused("status 401"), ours.judge(expired));
        }
    }

    /** To the second: what ends now has ended. */
    @Test
    void oursRefusesATokenInTheSecondInWhichItEnds() throws Exception {
        try (var ours = gate(Setup.ADVISED)) {
            long now = java.time.Instant.now().getEpochSecond();
            assertEquals(new Refused("status 401"), ours.judge(loot().resigned(claims -> claims.put("exp", now))));
            assertEquals(new Accepted(), ours.judge(loot().resigned(claims -> claims.put("exp", now + 60))));
        }
    }

    /** With the algorithm left to the token, the path of the key file is a secret like any other. */
    @Test
    void thePathOfTheKeyFileIsNoSecret() throws Exception {
        try (var manual = gate(Setup.LEAST);
                var ours = gate(Setup.ADVISED)) {
            Jws forged = loot().good().header(header -> header.put("alg", "HS256"));
            assertEquals(new Accepted(), manual.judge(forged.hmacWith(bytes(manual))));
            assertEquals(new Refused("status 401"), ours.judge(forged.hmacWith(bytes(ours))));
        }
    }

    private static byte[] bytes(HaproxySoftware gate) {
        return gate.keyFile().toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void oursRefusesARequestWithoutToken() throws Exception {
        try (var ours = gate(Setup.ADVISED)) {
            assertEquals(401, ours.statusWithoutToken());
        }
    }

    @Test
    void aNumberThatIsTextIsNoEnd() throws Exception {
        try (var ours = gate(Setup.ADVISED)) {
            assertInstanceOf(Refused.class, ours.judge(loot().resigned(claims -> claims.put("exp", "never"))));
            assertInstanceOf(Refused.class, ours.judge(loot().resigned(claims -> claims.putNull("exp"))));
        }
    }

    @Test
    void oursReadsTheLegacyDialectWithTheNameThatItsReadmeGives() throws Exception {
        String configuration =
                Files.readString(HaproxySoftware.EXAMPLE).replace("'$.ear_status'", "'$.ear\\\\.status'");
        try (var legacy = new HaproxySoftware(configuration, terms(ProofServices.LEGACY))) {
            assertEquals(new Accepted(), legacy.judge(services.token(ProofServices.LEGACY)));
            assertInstanceOf(Refused.class, legacy.judge(services.token(PackagedService.AUDIENCE)));
        }
    }
}
