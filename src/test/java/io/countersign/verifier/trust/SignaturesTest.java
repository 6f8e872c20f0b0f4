package io.countersign.verifier.trust;

import static io.countersign.verifier.trust.Signatures.Verdict.INVALID;
import static io.countersign.verifier.trust.Signatures.Verdict.VALID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.countersign.insecure.P256Key;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider that may be chosen gives the same verdicts, and refuses the same traps. */
class SignaturesTest {
    private static final Bytes MESSAGE = Bytes.utf8("message");
    private static final Bytes ORDER = Bytes.fromHex(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    /** SubjectPublicKeyInfo of an uncompressed point on P-256 up to its coordinates: RFC 5480, section 2. */
    private static final Bytes P256_PREFIX = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    static Stream<Signatures> providers() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        Stream<Provider> loaded = corretto.getLoadingError() == null ? Stream.of(corretto) : Stream.empty();
        return Stream.concat(loaded, Stream.of(new BouncyCastleProvider())).map(Signatures::by);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void verifiesEcdsaOverRawRAndS(Signatures signatures) throws GeneralSecurityException {
        var signer = Signature.getInstance("SHA384withECDSAinP1363Format");
        signer.initSign(Made.KEY.getPrivate());
        signer.update(MESSAGE.toByteArray());
        Bytes rs = Bytes.copyOf(signer.sign());
        Bytes r = rs.slice(0, 48);
        Bytes s = rs.slice(48, 96);
        var key = signatures
                .key("EC", Bytes.copyOf(Made.KEY.getPublic().getEncoded()))
                .orElseThrow();
        assertEquals(VALID, signatures.ecdsaP384Sha384(key, MESSAGE, r, s));
        assertEquals(INVALID, signatures.ecdsaP384Sha384(key, Bytes.utf8("Message"), r, s));
        assertEquals(INVALID, signatures.ecdsaP384Sha384(key, MESSAGE, s, r));
        Bytes zero = Bytes.zeros(48);
        for (Bytes bad : List.of(zero, ORDER, Bytes.empty(), Bytes.concat(Bytes.zeros(1), r), r.slice(1, 48))) {
            assertEquals(INVALID, signatures.ecdsaP384Sha384(key, MESSAGE, bad, s));
            assertEquals(INVALID, signatures.ecdsaP384Sha384(key, MESSAGE, r, bad));
        }
        // CVE-2022-21449: zero for both verified with every key.
        assertEquals(INVALID, signatures.ecdsaP384Sha384(key, MESSAGE, zero, zero));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void verifiesEcdsaOverP256RawAndInDer(Signatures signatures) {
        P256Key pair = SoftwareIntels.key("signatures");
        var key = signatures.key("EC", Bytes.concat(P256_PREFIX, pair.point())).orElseThrow();
        Bytes raw = pair.signRaw(MESSAGE);
        Bytes r = raw.slice(0, 32);
        Bytes s = raw.slice(32, 64);
        assertEquals(VALID, signatures.ecdsaP256Sha256(key, MESSAGE, raw));
        assertEquals(VALID, signatures.ecdsaP256Sha256Der(key, MESSAGE, P256Key.derSignature(raw)));
        Bytes twin = P256Key.number(P256Key.ORDER.subtract(new BigInteger(1, s.toByteArray())));
        assertEquals(VALID, signatures.ecdsaP256Sha256(key, MESSAGE, Bytes.concat(r, twin)));
        Bytes zero = Bytes.zeros(32);
        Bytes order = P256Key.number(P256Key.ORDER);
        var bad = new ArrayList<>(List.of(
                Bytes.empty(),
                Bytes.concat(s, r),
                raw.slice(0, 63),
                raw.slice(1, 64),
                Bytes.concat(raw, Bytes.zeros(1))));
        for (Bytes number : List.of(zero, order, Bytes.fromHex("ff".repeat(32)))) {
            bad.add(Bytes.concat(number, s));
            bad.add(Bytes.concat(r, number));
            // CVE-2022-21449: zero for both verified with every key.
            bad.add(Bytes.concat(number, number));
        }
        for (Bytes signature : bad) {
            assertEquals(INVALID, signatures.ecdsaP256Sha256(key, MESSAGE, signature), signature.toString());
            assertEquals(INVALID, signatures.ecdsaP256Sha256Der(key, MESSAGE, signature));
            if (signature.length() == 64) {
                assertEquals(INVALID, signatures.ecdsaP256Sha256Der(key, MESSAGE, P256Key.derSignature(signature)));
            }
        }
        assertEquals(INVALID, signatures.ecdsaP256Sha256(key, Bytes.utf8("Message"), raw));
        assertEquals(INVALID, signatures.ecdsaP256Sha256Der(key, MESSAGE, raw));
        assertEquals(INVALID, signatures.ecdsaP256Sha256(key, MESSAGE, P256Key.derSignature(raw)));
        assertEquals(
                INVALID,
                signatures.ecdsaP256Sha256(
                        signatures
                                .key(
                                        "EC",
                                        Bytes.concat(
                                                P256_PREFIX,
                                                SoftwareIntels.key("another").point()))
                                .orElseThrow(),
                        MESSAGE,
                        raw));
    }

    /** Points that are none. */
    @ParameterizedTest
    @MethodSource("providers")
    void pointsOffP256AreNoKeys(Signatures signatures) {
        Bytes point = SoftwareIntels.key("signatures").point();
        byte[] off = point.toByteArray();
        off[63] ^= 1;
        for (Bytes bad : List.of(
                Bytes.copyOf(off),
                Bytes.zeros(64),
                Bytes.fromHex("ff".repeat(64)),
                point.slice(0, 63),
                point.reversed())) {
            assertTrue(signatures.key("EC", Bytes.concat(P256_PREFIX, bad)).isEmpty(), bad.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void verifiesRsaPssWithItsFixedParametersOnly(Signatures signatures) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var key = signatures
                .key("RSA", Bytes.copyOf(pair.getPublic().getEncoded()))
                .orElseThrow();
        var signer = Signature.getInstance("RSASSA-PSS");
        for (int salt : List.of(48, 0, 32)) {
            signer.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, salt, 1));
            signer.initSign(pair.getPrivate());
            signer.update(MESSAGE.toByteArray());
            Bytes signature = Bytes.copyOf(signer.sign());
            assertEquals(
                    salt == 48 ? VALID : INVALID, signatures.rsaPssSha384(key, MESSAGE, signature), "salt " + salt);
            assertEquals(INVALID, signatures.rsaPssSha384(key, Bytes.empty(), signature));
            assertEquals(INVALID, signatures.rsaPssSha384(key, MESSAGE, signature.slice(1, 256)));
            assertEquals(INVALID, signatures.rsaPssSha384(key, MESSAGE, Bytes.concat(signature, Bytes.zeros(1))));
            assertEquals(INVALID, signatures.rsaPssSha384(key, MESSAGE, Bytes.empty()));
        }
        var pkcs1 = Signature.getInstance("SHA384withRSA");
        pkcs1.initSign(pair.getPrivate());
        pkcs1.update(MESSAGE.toByteArray());
        assertEquals(INVALID, signatures.rsaPssSha384(key, MESSAGE, Bytes.copyOf(pkcs1.sign())));
    }

    /** A signature that begins with a zero byte, as one in 256 does, is not valid without it. */
    @ParameterizedTest
    @MethodSource("providers")
    void leadingZeroOfAnRsaSignatureMayNotBeLeftOut(Signatures signatures) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        var pair = generator.generateKeyPair();
        var key = signatures
                .key("RSA", Bytes.copyOf(pair.getPublic().getEncoded()))
                .orElseThrow();
        var signer = Signature.getInstance("RSASSA-PSS");
        signer.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
        signer.initSign(pair.getPrivate());
        Bytes message = MESSAGE;
        Bytes signature = MESSAGE;
        for (int i = 0; signature.u8(0) != 0; i++) {
            message = Bytes.utf8("message " + i);
            signer.update(message.toByteArray());
            signature = Bytes.copyOf(signer.sign());
        }
        assertEquals(VALID, signatures.rsaPssSha384(key, message, signature));
        assertEquals(INVALID, signatures.rsaPssSha384(key, message, signature.slice(1, signature.length())));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keysThatAreNoneAreEmptyAndNeverAnException(Signatures signatures) {
        Bytes good = Bytes.copyOf(Made.KEY.getPublic().getEncoded());
        Bytes offCurve = Bytes.concat(good.slice(0, 24), Bytes.zeros(95), Bytes.fromHex("01"));
        for (Bytes bad : List.of(
                offCurve,
                Bytes.concat(good.slice(0, 24), Bytes.fromHex("ff".repeat(96))),
                good.slice(0, 119),
                Bytes.empty(),
                Bytes.utf8("junk"))) {
            assertTrue(signatures.key("EC", bad).isEmpty(), bad.toString());
            assertTrue(signatures.key("RSA", bad).isEmpty());
        }
        assertTrue(signatures.key("RSA", good).isEmpty());
    }

    @Test
    void aProviderWithoutTheAlgorithmIsRefused() {
        // The JDK keeps ECDSA and RSASSA-PSS in different providers, so none of its own will do.
        for (Provider provider : Security.getProviders()) {
            if (provider.getName().startsWith("Sun")) {
                assertThrows(IllegalArgumentException.class, () -> Signatures.by(provider), provider.getName());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Signatures.by(Security.getProvider("SunEC")));
    }
}
