package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** This KMS and the packaged Countersign, with true clocks and a machine in software. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SoftwareMachine machine;
    private PackagedCountersign countersign;
    private RunningKms kms;
    private ECKey key;

    @BeforeAll
    void startAll() throws Exception {
        if (!PackagedCountersign.isThere()) {
            return;
        }
        key = new ECKeyGenerator(Curve.P_256).generate();
        machine = SoftwareMachine.start(PackagedCountersign.FOLDER);
        countersign = PackagedCountersign.start(machine, Map.of());
        kms = kms(countersign, Map.of());
    }

    /** Here, because each test is then reported as skipped, with the reason. */
    @BeforeEach
    void needsThePackagedCountersign() {
        assumeTrue(
                PackagedCountersign.isThere(),
                "There is no packaged Countersign in ../../target/quarkus-app: run ./countersign build in the project's folder first.");
    }

    @AfterAll
    void endAll() throws Exception {
        if (kms != null) {
            kms.close();
        }
        if (countersign != null) {
            countersign.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    /** With introspection, trusting that Countersign; further settings come beside, or instead of, the usual ones. */
    private static RunningKms kms(PackagedCountersign countersign, Map<String, String> further) throws Exception {
        HttpResponse<String> policy = countersign.policy();
        assertEquals(200, policy.statusCode(), policy.body());
        var settings = new TreeMap<>(Map.of(
                "kms.introspection.enabled",
                "true",
                "kms.introspection.url",
                countersign.address() + "/v1/tokens/introspect",
                "kms.secrets.model-key.policies[0].id",
                PackagedCountersign.POLICY,
                "kms.secrets.model-key.policies[0].digest",
                RunningKms.problem(policy).path("digest").asString()));
        settings.putAll(further);
        return RunningKms.start(countersign.issuer(), Clock.systemUTC(), settings);
    }

    private String token() throws Exception {
        return machine.token(countersign, GoodToken.AUDIENCE, key);
    }

    @Test
    void anAttestedKeyGetsTheSecret() throws Exception {
        Expect.released(kms.release(token()), key);
    }

    @Test
    void replayed() throws Exception {
        String token = token();
        Expect.released(kms.release(token), key);
        Expect.refused(401, "token-consumed", kms.release(token));
    }

    @Test
    void wrongAudience() throws Exception {
        String token = machine.token(countersign, PackagedCountersign.ANOTHER_AUDIENCE, key);
        Expect.refused(401, "audience-differs", kms.release(token));
    }

    /** Who steals the token spends it, and gets what only the machine can open. */
    @Test
    void otherKey() throws Exception {
        ECKey thief = new ECKeyGenerator(Curve.P_256).generate();
        HttpResponse<String> stolen = kms.release(token());
        Expect.doesNotOpen(stolen, thief);
        Expect.released(stolen, key);
    }

    @Test
    void expired() throws Exception {
        try (var brief = PackagedCountersign.start(machine, Map.of("countersign.token.lifetime", "2s"));
                var trusting = kms(brief, Map.of("kms.introspection.enabled", "false"));
                var asking = kms(brief, Map.of())) {
            var tokens = new ArrayDeque<String>();
            // On a busy machine the first may take longer than it lives.
            await("a token is released in its time", () -> {
                tokens.push(machine.token(brief, GoodToken.AUDIENCE, key));
                return trusting.release(tokens.peek()).statusCode() == 200;
            });
            String token = tokens.peek();
            var end = Instant.ofEpochSecond(((Number) GoodToken.claimsOf(token).get("exp")).longValue());
            // What is tried here is the clock itself.
            Thread.sleep(Duration.between(Instant.now(), end).plusMillis(20));
            Expect.refused(401, "token-expired", trusting.release(token));
            Expect.refused(401, "token-expired", asking.release(token));
        }
    }

    @Test
    void withdrawnPolicy() throws Exception {
        try (var own = PackagedCountersign.start(machine, Map.of());
                var trusting = kms(own, Map.of("kms.introspection.enabled", "false"));
                var asking = kms(own, Map.of())) {
            String token = machine.token(own, GoodToken.AUDIENCE, key);
            Files.delete(own.policyFile());
            await("the policy is gone", () -> own.policy().statusCode() == 404);
            Expect.refused(401, "policy-withdrawn", asking.release(token));
            // What introspection is for.
            Expect.released(trusting.release(token), key);
        }
    }

    @Test
    void rotatedAway() throws Exception {
        try (var own = PackagedCountersign.start(machine, Map.of());
                var trusting = kms(
                        own,
                        Map.of(
                                "kms.introspection.enabled", "false",
                                "kms.keys.believed-at-most", "1s",
                                "kms.keys.cool-down", "1s"));
                var asking = kms(own, Map.of())) {
            String token = machine.token(own, GoodToken.AUDIENCE, key);
            String keyId = JWSObject.parse(token).getHeader().getKeyID();
            Expect.released(trusting.release(token), key);
            // So that this one has the key in its cache, where it stays for five minutes.
            Expect.released(asking.release(machine.token(own, GoodToken.AUDIENCE, key)), key);
            own.withdraw(keyId);
            await("the key is gone", () -> !own.publishes(keyId));
            Expect.refused(401, "token-inactive", asking.release(token));
            await("the cache has ended", () -> trusting.release(token).statusCode() == 401);
            Expect.refused(401, "signing-key-unknown", trusting.release(token));
            Expect.released(trusting.release(machine.token(own, GoodToken.AUDIENCE, key)), key);
        }
    }

    @Test
    void countersignIsAway() throws Exception {
        try (var own = PackagedCountersign.start(machine, Map.of());
                var asking = kms(own, Map.of())) {
            String first = machine.token(own, GoodToken.AUDIENCE, key);
            String second = machine.token(own, GoodToken.AUDIENCE, key);
            Expect.released(asking.release(first), key);
            own.stop();
            Expect.refused(503, "introspection-unavailable", asking.release(second));
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            assertTrue(Instant.now().isBefore(until), "not within a minute: " + what);
            Thread.sleep(Duration.ofMillis(100));
        }
    }
}
