package io.countersign.service.policies;

import io.countersign.verifier.bytes.Bytes;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.List;

/**
 * A signer's public key and what counts as its signature: of P-256 keys ECDSA with SHA-256, of P-384 keys ECDSA with
 * SHA-384 or SHA-256 (openssl's usual call and older cosign take SHA-256 for every curve), of RSA keys PKCS#1 v1.5 with
 * SHA-256, and of Ed25519 keys pure Ed25519. ECDSA signatures are DER, as in RFC 3279, section 2.2.3.
 */
record SignerKey(PublicKey key, Kind kind) {
    /** The keys that may sign. */
    enum Kind {
        P256,
        P384,
        RSA,
        ED25519;

        /** By the names of the Java Security Standard Algorithm Names. */
        private List<String> algorithms() {
            return switch (this) {
                case P256 -> List.of("SHA256withECDSA");
                case P384 -> List.of("SHA384withECDSA", "SHA256withECDSA");
                case RSA -> List.of("SHA256withRSA");
                case ED25519 -> List.of("Ed25519");
            };
        }
    }

    /** SHA-256 of the SubjectPublicKeyInfo, as {@code openssl pkey -pubin -outform DER | sha256sum} gives it. */
    String fingerprint() {
        return Bytes.copyOf(key.getEncoded()).sha256().toString();
    }

    /** The command that signs a file with such a key. */
    String command(String file) {
        String quoted = file.contains(" ") ? "'" + file + "'" : file;
        String out = file.contains(" ") ? "'" + file + ".sig'" : file + ".sig";
        return switch (kind) {
            case P256, P384, RSA -> "openssl dgst -sha256 -sign <private key> -out %s %s".formatted(out, quoted);
            case ED25519 -> "openssl pkeyutl -sign -rawin -inkey <private key> -in %s -out %s".formatted(quoted, out);
        };
    }

    /** Whether the key signed these bytes. */
    boolean signed(Bytes content, Bytes signature) {
        return kind.algorithms().stream().anyMatch(algorithm -> signed(algorithm, content, signature));
    }

    private boolean signed(String algorithm, Bytes content, Bytes signature) {
        try {
            Signature verification = Signature.getInstance(algorithm);
            verification.initVerify(key);
            verification.update(content.toByteArray());
            return verification.verify(signature.toByteArray());
        } catch (SignatureException _) {
            // Not even of the form of one.
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("the platform does not verify " + algorithm, e);
        }
    }
}
