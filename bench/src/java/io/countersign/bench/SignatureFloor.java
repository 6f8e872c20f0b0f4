package io.countersign.bench;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Signatures;
import java.lang.management.ManagementFactory;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.concurrent.Callable;

/**
 * What the signatures of one pair cost on this machine: the report's P-384 is verified and the token's P-256 is made, with
 * the provider that the service uses. The chain's were verified before, as in a service that has seen the chip.
 */
final class SignatureFloor {
    private static final int WARM_UP = 3_000;
    private static final int MEASURED = 6_000;

    private final double verifyMicros;
    private final double signMicros;

    private SignatureFloor(double verifyMicros, double signMicros) {
        this.verifyMicros = verifyMicros;
        this.signMicros = signMicros;
    }

    static SignatureFloor measure(SoftwareAmd amd) throws Exception {
        var provider = SignatureProvider.fastest().provider();
        var signatures = Signatures.by(provider);
        Bytes report = amd.report(draft -> draft);
        PublicKey key = signatures
                .key("EC", Certificate.parse(amd.vcek()).subjectPublicKeyInfo())
                .orElseThrow();
        Bytes signed = report.slice(0, 0x2A0);
        Bytes r = report.slice(0x2A0, 0x2D0).reversed();
        Bytes s = report.slice(0x2E8, 0x318).reversed();
        ECKey own = new ECKeyGenerator(Curve.P_256).generate();
        var signer = new ECDSASigner(
                KeyFactory.getInstance("EC", provider)
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(own.toECPrivateKey().getEncoded())),
                Curve.P_256);
        signer.getJCAContext().setProvider(provider);
        var payload = new Payload("x".repeat(1_200));
        return new SignatureFloor(micros(() -> signatures.ecdsaP384Sha384(key, signed, r, s)), micros(() -> {
            var token = new JWSObject(new JWSHeader(JWSAlgorithm.ES256), payload);
            token.sign(signer);
            return token.serialize();
        }));
    }

    private static double micros(Callable<Object> work) throws Exception {
        repeat(work, WARM_UP);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        repeat(work, MEASURED);
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / MEASURED;
    }

    private static void repeat(Callable<Object> work, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            if (work.call().hashCode() == Integer.MIN_VALUE) {
                throw new IllegalStateException("so unlikely that nothing is optimised away");
            }
        }
    }

    double verifyMicros() {
        return verifyMicros;
    }

    double signMicros() {
        return signMicros;
    }

    double micros() {
        return verifyMicros + signMicros;
    }
}
