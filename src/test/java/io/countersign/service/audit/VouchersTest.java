package io.countersign.service.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A good signature proves something of the lines that it was compared with, and of no others. */
class VouchersTest {
    private static final int LONG_AFTER = 1 << 17;
    private static final String THEN = "a".repeat(64);
    private static final String NOW = "b".repeat(64);

    private final ECKey key = key();
    private final Vouchers vouchers = new Vouchers(Optional.of(new JWKSet(key.toPublicJWK())));

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID("key")
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String checkpoint(long seq, String head) throws JOSEException {
        var jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(Checkpoints.TYPE))
                        .keyID("key")
                        .build(),
                new Payload(Map.of("seq", seq, "head", head)));
        jws.sign(new ECDSASigner(key));
        return jws.serialize();
    }

    private void read(long from, long to) {
        for (long seq = from; seq <= to; seq++) {
            vouchers.passed(new Head(seq, NOW));
        }
    }

    @Test
    void anOldCheckpointVouchesForNoLogThatWasWrittenAnewHoweverLateItStands() throws JOSEException {
        read(1, LONG_AFTER);
        assertTrue(vouchers.wrong(checkpoint(5, THEN), new Head(1, NOW)).isPresent());
        assertEquals(0, vouchers.upTo());
    }

    @Test
    void aCheckpointOfLinesThatAreNotReadCountsForNothing() throws JOSEException {
        read(500, 510);
        assertEquals(Optional.empty(), vouchers.wrong(checkpoint(498, THEN), new Head(500, NOW)));
        assertEquals(0, vouchers.compared());
        assertEquals(0, vouchers.verified());
        assertEquals(0, vouchers.upTo());
    }

    @Test
    void aCheckpointOfLinesThatAreReadCounts() throws JOSEException {
        read(1, 10);
        assertEquals(Optional.empty(), vouchers.wrong(checkpoint(9, NOW), new Head(1, NOW)));
        assertEquals(1, vouchers.verified());
        assertEquals(9, vouchers.upTo());
    }
}
