package io.countersign.service.policies;

import io.countersign.service.policies.SignerKey.Kind;
import io.countersign.verifier.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads signers from PEM (RFC 7468): public keys, and certificates, of which the key alone counts; their dates, issuers and
 * uses are not looked at. Text between the blocks is a comment.
 */
final class SignerPem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END ([A-Z0-9 ]+)-----");
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");
    private static final int MOST_KEYS = 32;
    private static final int RSA_LEAST = 3072;
    private static final int RSA_MOST = 8192;

    private SignerPem() {}

    /** The file names nobody whose signature could be told; the message goes on after the file's name. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(String message) {
            super(message);
        }
    }

    static List<SignerKey> keys(String pem) throws UnusableException {
        var keys = new ArrayList<SignerKey>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            keys.add(key(keys.size() + 1, block.group(1), block.group(2), block.group(3)));
        }
        // A block that is damaged would otherwise be a signer that silently does not count.
        if (BEGIN.matcher(pem).results().count() != keys.size()) {
            throw new UnusableException(
                    "holds a PEM block that is damaged, after %d that are not".formatted(keys.size()));
        }
        if (keys.isEmpty()) {
            throw new UnusableException("holds no public key in PEM (-----BEGIN PUBLIC KEY-----)");
        }
        if (keys.size() > MOST_KEYS) {
            throw new UnusableException("holds more than %d keys".formatted(MOST_KEYS));
        }
        return keys;
    }

    private static SignerKey key(int number, String begin, String base64, String end) throws UnusableException {
        if (!begin.equals(end)) {
            throw new UnusableException("holds a PEM block that begins as %s and ends as %s".formatted(begin, end));
        }
        if (begin.contains("PRIVATE")) {
            throw new UnusableException(
                    "holds a private key; the service needs the public one: openssl pkey -in <private key> -pubout");
        }
        try {
            Bytes der = Bytes.copyOf(Base64.getMimeDecoder().decode(base64));
            return switch (begin) {
                case "PUBLIC KEY" -> known(number, publicKey(number, der));
                case "CERTIFICATE" ->
                    known(
                            number,
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()))
                                    .getPublicKey());
                default ->
                    throw new UnusableException(
                            "holds a PEM block %s; public keys (PUBLIC KEY) and certificates are read"
                                    .formatted(begin));
            };
        } catch (IllegalArgumentException | GeneralSecurityException _) {
            throw new UnusableException("holds a PEM block (number %d) that cannot be read".formatted(number));
        }
    }

    private static PublicKey publicKey(int number, Bytes der) throws GeneralSecurityException, UnusableException {
        var encoded = new X509EncodedKeySpec(der.toByteArray());
        for (String algorithm : List.of("EC", "Ed25519", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(encoded);
            } catch (InvalidKeySpecException _) {
                // Of another algorithm.
            }
        }
        throw unfit(number, "is of no algorithm known here");
    }

    private static SignerKey known(int number, PublicKey key) throws GeneralSecurityException, UnusableException {
        return switch (key) {
            case ECPublicKey ec when is(ec, "secp256r1") -> new SignerKey(key, Kind.P256);
            case ECPublicKey ec when is(ec, "secp384r1") -> new SignerKey(key, Kind.P384);
            case RSAPublicKey rsa
            when rsa.getModulus().bitLength() >= RSA_LEAST && rsa.getModulus().bitLength() <= RSA_MOST ->
                new SignerKey(key, Kind.RSA);
            case EdECPublicKey ed
            when ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName()) ->
                new SignerKey(key, Kind.ED25519);
            case RSAPublicKey rsa ->
                throw unfit(
                        number, "is RSA of %d bits".formatted(rsa.getModulus().bitLength()));
            default -> throw unfit(number, "is %s of another kind".formatted(key.getAlgorithm()));
        };
    }

    private static boolean is(ECPublicKey key, String curve) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECParameterSpec expected = parameters.getParameterSpec(ECParameterSpec.class);
        return key.getParams().getCurve().equals(expected.getCurve())
                && key.getParams().getGenerator().equals(expected.getGenerator())
                && key.getParams().getOrder().equals(expected.getOrder());
    }

    private static UnusableException unfit(int number, String what) {
        return new UnusableException(
                "holds a key (number %d) that %s; signers have EC keys on P-256 or P-384, Ed25519, or RSA of %d to %d bits"
                        .formatted(number, what, RSA_LEAST, RSA_MOST));
    }
}
