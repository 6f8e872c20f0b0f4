package io.countersign.service.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.Pem;
import io.countersign.service.policies.FolderReading.SignatureFile;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.tee.snp.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures as openssl and cosign write them, and everything that is none. */
class PolicySignersTest {
    private static final Bytes CONTENT = Bytes.utf8(Texts.policy("a", "1"));

    @TempDir
    private Path folder = Path.of("");

    /** The keys that may sign, and how openssl and cosign sign with them. */
    enum Signing {
        P256("EC", "secp256r1", "SHA256withECDSA"),
        P384("EC", "secp384r1", "SHA384withECDSA"),
        P384_WITH_SHA256("EC", "secp384r1", "SHA256withECDSA"),
        ED25519("Ed25519", "", "Ed25519"),
        RSA("RSA", "3072", "SHA256withRSA");

        private final String algorithm;
        private final String parameter;
        private final String signature;

        Signing(String algorithm, String parameter, String signature) {
            this.algorithm = algorithm;
            this.parameter = parameter;
            this.signature = signature;
        }

        KeyPair pair() {
            return PolicySignersTest.pair(algorithm, parameter);
        }

        Bytes sign(KeyPair pair, Bytes content) {
            try {
                Signature signing = Signature.getInstance(signature);
                signing.initSign(pair.getPrivate());
                signing.update(content.toByteArray());
                return Bytes.copyOf(signing.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static KeyPair pair(String algorithm, String parameter) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            switch (algorithm) {
                case "EC" -> generator.initialize(new java.security.spec.ECGenParameterSpec(parameter));
                case "RSA" -> generator.initialize(Integer.parseInt(parameter));
                default -> {
                    // One size.
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()));
    }

    private PolicySigners signers(String pem) {
        try {
            return PolicySigners.read(Files.writeString(folder.resolve("signers.pem"), pem));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<PolicyIssue> judge(PolicySigners signers, Bytes content, Bytes signature) {
        return signers.objection("a.yaml", content, Optional.of(new SignatureFile.Content(signature)));
    }

    private static Bytes base64(Bytes signature) {
        return Bytes.utf8(Base64.getEncoder().encodeToString(signature.toByteArray()));
    }

    @ParameterizedTest
    @EnumSource(Signing.class)
    void aSignatureCountsAsItsBytesAndInBase64(Signing signing) {
        KeyPair pair = signing.pair();
        PolicySigners signers = signers(pem(pair.getPublic()));
        Bytes signature = signing.sign(pair, CONTENT);
        assertEquals(Optional.empty(), judge(signers, CONTENT, signature));
        assertEquals(Optional.empty(), judge(signers, CONTENT, base64(signature)));
        assertEquals(Optional.empty(), judge(signers, CONTENT, Bytes.concat(base64(signature), Bytes.utf8("\n"))));
        assertEquals(
                Optional.empty(),
                judge(signers, CONTENT, Bytes.utf8(Base64.getMimeEncoder().encodeToString(signature.toByteArray()))));
    }

    @ParameterizedTest
    @EnumSource(Signing.class)
    void aSignatureByAnotherKeyOrOverOtherBytesDoesNotCount(Signing signing) {
        KeyPair pair = signing.pair();
        PolicySigners signers = signers(pem(pair.getPublic()));
        assertTrue(
                judge(signers, CONTENT, signing.sign(signing.pair(), CONTENT)).isPresent());
        Bytes signature = signing.sign(pair, CONTENT);
        assertTrue(judge(signers, Bytes.concat(CONTENT, Bytes.utf8("\n")), signature)
                .isPresent());
        assertTrue(judge(signers, CONTENT.slice(0, CONTENT.length() - 1), signature)
                .isPresent());
        byte[] damaged = signature.toByteArray();
        damaged[damaged.length / 2] ^= 1;
        assertTrue(judge(signers, CONTENT, Bytes.copyOf(damaged)).isPresent());
        assertTrue(
                judge(signers, CONTENT, Bytes.concat(signature, Bytes.zeros(1))).isPresent());
    }

    @Test
    void anyOfSeveralSignersIsEnough() {
        KeyPair one = Signing.P256.pair();
        KeyPair other = Signing.ED25519.pair();
        PolicySigners signers = signers("# two of us\n" + pem(one.getPublic()) + pem(other.getPublic()));
        assertEquals(Optional.empty(), judge(signers, CONTENT, Signing.P256.sign(one, CONTENT)));
        assertEquals(Optional.empty(), judge(signers, CONTENT, Signing.ED25519.sign(other, CONTENT)));
    }

    @Test
    void theKeyOfACertificateCounts() {
        var certificate = Pem.certificate(SoftwareAmds.of(Product.MILAN).vcek());
        assertEquals(1, signers(certificate).fingerprints().size());
    }

    @Test
    void whatIsMissingIsSaidWithTheSignersAndTheCommand() {
        KeyPair pair = Signing.P256.pair();
        PolicySigners signers = signers(pem(pair.getPublic()));
        PolicyIssue issue =
                signers.objection("a.yaml", CONTENT, Optional.empty()).orElseThrow();
        assertTrue(issue.message().contains("a.yaml.sig"), issue.message());
        assertTrue(
                issue.suggestion()
                        .contains(Bytes.copyOf(pair.getPublic().getEncoded())
                                .sha256()
                                .toString()),
                issue.suggestion());
        assertTrue(issue.suggestion().contains("openssl dgst -sha256 -sign"), issue.suggestion());
        assertEquals("a.yaml", issue.file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "no signature", "AAAA", "{\"mediaType\": \"application/vnd.dev.sigstore.bundle\"}"})
    void aFileThatHoldsNoSignatureDoesNotCount(String content) {
        PolicySigners signers = signers(pem(Signing.P256.pair().getPublic()));
        assertTrue(judge(signers, CONTENT, Bytes.utf8(content)).isPresent());
    }

    @Test
    void aSignatureThatCannotBeReadDoesNotCount() {
        PolicySigners signers = signers(pem(Signing.P256.pair().getPublic()));
        assertTrue(signers.objection("a.yaml", CONTENT, Optional.of(new SignatureFile.Unreadable("it is too long")))
                .orElseThrow()
                .message()
                .contains("too long"));
    }

    @Test
    void aFileThatNamesNoUsableSignerStopsTheStart() {
        String good = pem(Signing.P256.pair().getPublic());
        String privateKey = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getEncoder()
                        .encodeToString(Signing.P256.pair().getPrivate().getEncoded()));
        for (String bad : List.of(
                "",
                "no PEM",
                privateKey,
                good + privateKey,
                good.replace("END PUBLIC", "END PUBIC"),
                good.replace("-----END PUBLIC KEY-----", ""),
                good + good.substring(0, good.length() / 2),
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                good.replace("PUBLIC KEY", "EC PARAMETERS"),
                pem(pair("RSA", "2048").getPublic()),
                pem(pair("EC", "secp521r1").getPublic()),
                pem(pair("Ed448", "").getPublic()),
                Stream.generate(() -> good).limit(33).collect(Collectors.joining()))) {
            var refused = assertThrows(IllegalArgumentException.class, () -> signers(bad), bad);
            assertTrue(String.valueOf(refused.getMessage()).startsWith("countersign.policies.signers: "), bad);
        }
    }

    @Test
    void aFileOfSignersThatIsNotThereStopsTheStart() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> PolicySigners.read(folder.resolve("nowhere.pem")));
        assertTrue(String.valueOf(refused.getMessage()).contains("nowhere.pem cannot be read"));
    }

    /**
     * Over the four bytes "abc\n": by P-256 and P-384 keys with {@code openssl dgst -sha256 -sign}, and by an Ed25519 key
     * with {@code openssl pkeyutl -sign -rawin}; OpenSSL 3.
     */
    @ParameterizedTest
    @CsvSource({
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4oHKcTAfjsRRrOCpfZfscetSROErTy4+0xeMh5ElsTNKE4kbWONX03jrrsN+AIAvN6zCtgwYN38SLkxEstj61g==,MEYCIQC1UYZjaIjFlhnNAfpogdlD/W/eLygshHcRvTvENQ34tgIhANykqydUd7ZTH6fjFjBByAttvFsoaVvRs9NJnajEJHnU",
        "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE/wORb0kaOF/KssgrEtib2qaRuO2A4jn5Pma3UWSDr+N0K5JA928hyMK7is5nkpnP/kWekPazlCjQnLwUKY/G/9Cz+5EFh9gGLp2+1fVOXaDJrSMSz4r8Mk1KPz7m7QUk,MGQCMH617X6qllLZqq+vQfAXpwFQwrdTMZrCCWhVSexzu6vyuA4Xb1gUVRsYoJhYx0hIVQIwPPi0i0lrdO2eQZwip8rHz0NlM/arWxB50LMyEXADHNNv3UseGx47K84wCobTK+9I",
        "MCowBQYDK2VwAyEAw6QVZh0AXYDw2i3y3kHtZHVF4SaEjd2VtpLAZzUAKpw=,EYcL1DmEL8OMe0bCzrkaWQGx3lCXg5VSxzbU8kq2zgWaix9USuoE6PJJkTJXj2X8uVsbn1O0seZAYQw5pWDfBA=="
    })
    void whatOpensslWroteCounts(String key, String written) {
        PolicySigners signers = signers("-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n".formatted(key));
        Bytes signature = Bytes.copyOf(Base64.getDecoder().decode(written));
        assertEquals(Optional.empty(), judge(signers, Bytes.utf8("abc\n"), signature));
        assertTrue(judge(signers, Bytes.utf8("abc"), signature).isPresent());
    }
}
