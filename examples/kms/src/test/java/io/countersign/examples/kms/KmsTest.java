package io.countersign.examples.kms;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One running KMS and its issuer for all tests of a class; each test begins a day later, with nothing cached. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KmsTest {
    final MovableClock clock = new MovableClock();
    /** The machine's own key, in cnf. */
    final ECKey recipient = freshKey();

    StubIssuer issuer;
    RunningKms kms;

    /** Settings beside, or instead of, the usual ones. */
    Map<String, String> settings() {
        return Map.of();
    }

    @BeforeAll
    void startAll() throws Exception {
        issuer = StubIssuer.start();
        kms = RunningKms.start(issuer.address(), clock, settings());
    }

    @BeforeEach
    void begin() throws Exception {
        clock.advance(Duration.ofDays(1));
        issuer.reset();
    }

    @AfterAll
    void endAll() {
        kms.close();
        issuer.close();
    }

    Map<String, Object> claims() {
        return GoodToken.claims(issuer.address(), clock.instant(), recipient);
    }

    /** A good token but for this change. */
    String token(Consumer<Map<String, Object>> change) throws Exception {
        Map<String, Object> claims = claims();
        change.accept(claims);
        return GoodToken.sign(claims, issuer.signingKey);
    }

    HttpResponse<String> releaseAfter(Consumer<Map<String, Object>> change) throws Exception {
        return kms.release(token(change));
    }

    static ECKey freshKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
