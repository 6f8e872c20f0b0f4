package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The one key whose CoRIMs count, brought by whoever imports; it alone says which algorithm does. */
public final class PinnedSigner {
    private static final Pattern PUBLIC_KEY =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]{1,8000})-----END PUBLIC KEY-----\\s*");
    private static final int LEAST_RSA_BITS = 2048;

    /** Signature algorithms: RFC 9053, sections 2.1 and 2.2; RFC 8230, section 2. */
    enum Algorithm {
        ES256(-7, "EC"),
        ES384(-35, "EC"),
        PS384(-38, "RSA");

        private final long label;
        private final String keyType;

        Algorithm(long label, String keyType) {
            this.label = label;
            this.keyType = keyType;
        }

        long label() {
            return label;
        }

        static String named(long label) {
            return Arrays.stream(values())
                    .filter(each -> each.label == label)
                    .map(each -> "%d (%s)".formatted(label, each))
                    .findFirst()
                    .orElse(Long.toString(label));
        }
    }

    private final Bytes subjectPublicKeyInfo;
    private final Algorithm algorithm;
    private final PublicKey key;
    private final Optional<Certificate> certificate;
    private final Signatures signatures;

    private PinnedSigner(
            Bytes info, Algorithm algorithm, PublicKey key, Optional<Certificate> certificate, Signatures signatures) {
        this.subjectPublicKeyInfo = info;
        this.algorithm = algorithm;
        this.key = key;
        this.certificate = certificate;
        this.signatures = signatures;
    }

    /** Reads a public key or one certificate in PEM: on P-256, on P-384, or RSA of 2048 bits and more. */
    public static PinnedSigner fromPem(String file, Bytes pem, Signatures signatures) throws ImportException {
        Matcher publicKey = PUBLIC_KEY.matcher(pem.length() > CborReader.MAX_BYTES ? "" : pem.toUtf8());
        if (publicKey.matches()) {
            return of(file, decode(file, publicKey.group(1)), Optional.empty(), signatures);
        }
        try {
            List<Bytes> certificates = PemBundle.split(pem, 1);
            if (certificates.size() == 1) {
                Certificate certificate = Certificate.parse(certificates.getFirst());
                return of(file, certificate.subjectPublicKeyInfo(), Optional.of(certificate), signatures);
            }
        } catch (MalformedEvidenceException | MalformedDerException e) {
            throw new ImportException(file, "", "%s. %s".formatted(e.getMessage(), EXPECTED));
        }
        throw new ImportException(file, "", "there is no key in it. " + EXPECTED);
    }

    private static final String EXPECTED =
            "Expected the signer's public key (-----BEGIN PUBLIC KEY-----) or one certificate of it in PEM.";

    private static Bytes decode(String file, String base64) throws ImportException {
        try {
            return Bytes.copyOf(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            throw new ImportException(file, "", "what stands in this block is not base64. " + EXPECTED);
        }
    }

    private static PinnedSigner of(String file, Bytes info, Optional<Certificate> certificate, Signatures signatures)
            throws ImportException {
        Algorithm algorithm = algorithm(info)
                .orElseThrow(() -> new ImportException(
                        file, "", "the key is on neither P-256 nor P-384, nor is it RSA. Pin a key that is."));
        Optional<PublicKey> key = signatures.key(algorithm.keyType, info);
        if (key.isEmpty()) {
            throw new ImportException(file, "", "the key cannot be read. " + EXPECTED);
        }
        if (key.get() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new ImportException(
                    file,
                    "",
                    "the RSA key has %d bits; at least %d are needed"
                            .formatted(rsa.getModulus().bitLength(), LEAST_RSA_BITS));
        }
        return new PinnedSigner(info, algorithm, key.get(), certificate, signatures);
    }

    /** By what the key says of itself, never by what a message asks for. RFC 5480, section 2.1.1. */
    private static Optional<Algorithm> algorithm(Bytes info) {
        try {
            var identifier =
                    SubjectPublicKeyInfo.getInstance(info.toByteArray()).getAlgorithm();
            if (identifier.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
                return Optional.of(Algorithm.PS384);
            }
            if (!identifier.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                return Optional.empty();
            }
            if (SECObjectIdentifiers.secp256r1.equals(identifier.getParameters())) {
                return Optional.of(Algorithm.ES256);
            }
            return SECObjectIdentifiers.secp384r1.equals(identifier.getParameters())
                    ? Optional.of(Algorithm.ES384)
                    : Optional.empty();
        } catch (RuntimeException _) {
            return Optional.empty(); // Bouncy Castle's way to say that this is no key
        }
    }

    /** What a message must name as its algorithm. */
    Algorithm algorithm() {
        return algorithm;
    }

    /** Whether a message is signed by this key. */
    Signatures.Verdict verify(Bytes message, Bytes signature) {
        return switch (algorithm) {
            case ES256 -> signatures.ecdsaP256Sha256(key, message, signature);
            case ES384 -> signatures.ecdsaP384Sha384(key, message, signature);
            case PS384 -> signatures.rsaPssSha384(key, message, signature);
        };
    }

    /** Why a certificate that a message brings is not of this key, if it is not. */
    Optional<String> objectionTo(Bytes certificateDer) {
        try {
            return Certificate.parse(certificateDer).subjectPublicKeyInfo().equals(subjectPublicKeyInfo)
                    ? Optional.empty()
                    : Optional.of("it brings the certificate of another key than the pinned one");
        } catch (MalformedDerException e) {
            return Optional.of("it brings a certificate that cannot be read: " + e.getMessage());
        }
    }

    /** Why the pinned certificate does not count then, if it does not. */
    Optional<String> objectionAt(Instant at) {
        return certificate
                .filter(each -> each.window().at(at) != Window.Standing.WITHIN)
                .map(each ->
                        "the pinned certificate is valid %s, which does not hold at %s".formatted(each.window(), at));
    }

    /** First bytes of the digest of the key, for people to compare. */
    public String fingerprint() {
        return subjectPublicKeyInfo.sha256().toString();
    }
}
