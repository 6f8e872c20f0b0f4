package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** The signature algorithms that vendors use, each with its parameters fixed, over a chosen JCA provider. */
public final class Signatures {
    /** Whether a signature is by a key over a message. */
    public enum Verdict {
        VALID,
        INVALID
    }

    /** The order of secp384r1: SEC 2 version 2.0, section 2.5.1. */
    private static final BigInteger P384_ORDER = new BigInteger(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16);

    /** The order of secp256r1: SEC 2 version 2.0, section 2.4.2. */
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static final PSSParameterSpec PSS_SHA384 =
            new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, PSSParameterSpec.TRAILER_FIELD_BC);

    private final Provider provider;
    private final String ecdsaSuffix;

    private Signatures(Provider provider, String ecdsaSuffix) {
        this.provider = provider;
        this.ecdsaSuffix = ecdsaSuffix;
    }

    /**
     * Takes the algorithms from one provider, which must offer ECDSA over P-256 and P-384 and RSASSA-PSS; one that does
     * not is an {@link IllegalArgumentException}.
     */
    public static Signatures by(Provider provider) {
        if (provider.getService("Signature", "RSASSA-PSS") == null) {
            throw new IllegalArgumentException(provider.getName() + " offers no RSASSA-PSS");
        }
        for (String suffix : new String[] {"withECDSAinP1363Format", "withPLAIN-ECDSA"}) {
            if (provider.getService("Signature", "SHA384" + suffix) != null
                    && provider.getService("Signature", "SHA256" + suffix) != null) {
                return new Signatures(provider, suffix);
            }
        }
        throw new IllegalArgumentException(
                provider.getName() + " offers no ECDSA with SHA-256 and SHA-384 over raw r and s");
    }

    public String providerName() {
        return provider.getName();
    }

    /** For XML signatures: the JDK verifies these itself, with algorithms of a provider that it is given. */
    public Provider provider() {
        return provider;
    }

    /** Whether this is r and s over P-384, 48 bytes each and both in 1..n-1: for who hands them to a provider itself. */
    public static boolean isInP384Order(Bytes signature) {
        return signature.length() == 96
                && inOrder(signature.slice(0, 48), 48, P384_ORDER)
                && inOrder(signature.slice(48, 96), 48, P384_ORDER);
    }

    /** Reads a SubjectPublicKeyInfo as an EC or RSA key of this provider; empty when it is not such a key. */
    public Optional<PublicKey> key(String algorithm, Bytes subjectPublicKeyInfo) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm, keyProvider())
                    .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo.toByteArray())));
        } catch (InvalidKeySpecException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " cannot read keys of type " + algorithm, e);
        }
    }

    /**
     * ECDSA over P-384 with SHA-384.
     *
     * @param r 48 bytes, big-endian; r and s outside 1..n-1 are invalid before any provider is asked (CVE-2022-21449)
     */
    public Verdict ecdsaP384Sha384(PublicKey key, Bytes message, Bytes r, Bytes s) {
        if (!inOrder(r, 48, P384_ORDER) || !inOrder(s, 48, P384_ORDER)) {
            return Verdict.INVALID;
        }
        return verify("SHA384" + ecdsaSuffix, null, key, message, Bytes.concat(r, s));
    }

    /** The same with r and s of 48 bytes each in one run, as SPDM has them. */
    public Verdict ecdsaP384Sha384(PublicKey key, Bytes message, Bytes signature) {
        return signature.length() == 96
                ? ecdsaP384Sha384(key, message, signature.slice(0, 48), signature.slice(48, 96))
                : Verdict.INVALID;
    }

    /** The same with r and s as X.509 has them: the canonical DER of Ecdsa-Sig-Value (RFC 3279, section 2.2.3). */
    public Verdict ecdsaP384Sha384Der(PublicKey key, Bytes message, Bytes signature) {
        return EcdsaSignatureValue.raw(signature, 48)
                .map(raw -> ecdsaP384Sha384(key, message, raw))
                .orElse(Verdict.INVALID);
    }

    /**
     * ECDSA over P-256 with SHA-256.
     *
     * @param signature r and s of 32 bytes each, big-endian; values outside 1..n-1 are invalid before any provider is asked
     */
    public Verdict ecdsaP256Sha256(PublicKey key, Bytes message, Bytes signature) {
        if (signature.length() != 64
                || !inOrder(signature.slice(0, 32), 32, P256_ORDER)
                || !inOrder(signature.slice(32, 64), 32, P256_ORDER)) {
            return Verdict.INVALID;
        }
        return verify("SHA256" + ecdsaSuffix, null, key, message, signature);
    }

    /** The same with r and s as X.509 has them: the canonical DER of Ecdsa-Sig-Value (RFC 3279, section 2.2.3). */
    public Verdict ecdsaP256Sha256Der(PublicKey key, Bytes message, Bytes signature) {
        return EcdsaSignatureValue.raw(signature, 32)
                .map(raw -> ecdsaP256Sha256(key, message, raw))
                .orElse(Verdict.INVALID);
    }

    /** RSASSA-PSS with SHA-384, MGF1 over SHA-384, a salt of 48 bytes and trailer 1: nothing else. */
    public Verdict rsaPssSha384(PublicKey key, Bytes message, Bytes signature) {
        // RFC 8017, section 8.1.2, step 1: as long as the modulus. Bouncy Castle takes one without its leading zeros.
        if (!(key instanceof RSAPublicKey rsa)
                || signature.length() != (rsa.getModulus().bitLength() + 7) / 8) {
            return Verdict.INVALID;
        }
        return verify("RSASSA-PSS", PSS_SHA384, key, message, signature);
    }

    private static boolean inOrder(Bytes value, int length, BigInteger order) {
        if (value.length() != length) {
            return false;
        }
        var number = new BigInteger(1, value.toByteArray());
        return number.signum() > 0 && number.compareTo(order) < 0;
    }

    private Verdict verify(
            String algorithm,
            @org.jspecify.annotations.Nullable PSSParameterSpec parameters,
            PublicKey key,
            Bytes message,
            Bytes signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm, provider);
            if (parameters != null) {
                verifier.setParameter(parameters);
            }
            verifier.initVerify(key);
            verifier.update(message.toByteArray());
            return verifier.verify(signature.toByteArray()) ? Verdict.VALID : Verdict.INVALID;
        } catch (SignatureException _) {
            return Verdict.INVALID;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " cannot verify " + algorithm, e);
        }
    }

    private Provider keyProvider() {
        return provider;
    }
}
