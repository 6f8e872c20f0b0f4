package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.RSADigestSigner;

/** How AMD signs certificates and revocation lists, and how it never does. AMD 57230, section 3. */
public enum RsaSignature {
    /** As ARK, ASK, ASVK and the leaves of 2022 and 2023 write it: the default trailerField is spelt out. */
    AMD_TRAILER_WRITTEN,
    /** As leaves issued from 2024 on write it: the same parameters, the default trailerField left out. */
    AMD_TRAILER_OMITTED,
    PSS_SALT_20,
    /** Names AMD's parameters and signs with a salt of 20 bytes. */
    PSS_SALT_20_NAMED_48,
    PSS_SHA256,
    PKCS1_SHA384,
    PKCS1_SHA1,
    /** Names AMD's parameters and pads by PKCS #1 version 1.5. */
    PKCS1_SHA384_NAMED_PSS;

    private enum Trailer {
        WRITTEN,
        OMITTED
    }

    /** What the certificate says about its signature. */
    AlgorithmIdentifier identifier() {
        return switch (this) {
            case AMD_TRAILER_WRITTEN -> pss(NISTObjectIdentifiers.id_sha384, 48, Trailer.WRITTEN);
            case AMD_TRAILER_OMITTED, PSS_SALT_20_NAMED_48, PKCS1_SHA384_NAMED_PSS ->
                pss(NISTObjectIdentifiers.id_sha384, 48, Trailer.OMITTED);
            case PSS_SALT_20 -> pss(NISTObjectIdentifiers.id_sha384, 20, Trailer.OMITTED);
            case PSS_SHA256 -> pss(NISTObjectIdentifiers.id_sha256, 32, Trailer.OMITTED);
            case PKCS1_SHA384 -> pkcs1(PKCSObjectIdentifiers.sha384WithRSAEncryption);
            case PKCS1_SHA1 -> pkcs1(PKCSObjectIdentifiers.sha1WithRSAEncryption);
        };
    }

    /** Signs; the salt is derived from key and message, so that the same input always gives the same signature. */
    Bytes sign(RSAPrivateCrtKeyParameters key, Bytes message) {
        Bytes salt = Bytes.concat(Bytes.copyOf(key.getExponent().toByteArray()), message)
                .sha512();
        Signer signer =
                switch (this) {
                    case AMD_TRAILER_WRITTEN, AMD_TRAILER_OMITTED ->
                        pssSigner(new SHA384Digest(), new SHA384Digest(), salt, 48);
                    case PSS_SALT_20, PSS_SALT_20_NAMED_48 ->
                        pssSigner(new SHA384Digest(), new SHA384Digest(), salt, 20);
                    case PSS_SHA256 -> pssSigner(SHA256Digest.newInstance(), SHA256Digest.newInstance(), salt, 32);
                    case PKCS1_SHA384, PKCS1_SHA384_NAMED_PSS -> new RSADigestSigner(new SHA384Digest());
                    case PKCS1_SHA1 -> new RSADigestSigner(new SHA1Digest());
                };
        signer.init(true, key);
        byte[] bytes = message.toByteArray();
        signer.update(bytes, 0, bytes.length);
        try {
            return Bytes.copyOf(signer.generateSignature());
        } catch (CryptoException e) {
            throw new IllegalStateException("a key of this size can always sign a digest", e);
        }
    }

    private static PSSSigner pssSigner(Digest content, Digest mask, Bytes salt, int saltLength) {
        return new PSSSigner(new RSAEngine(), content, mask, Arrays.copyOf(salt.toByteArray(), saltLength));
    }

    /** RSASSA-PSS-params, RFC 4055, section 3.1, with the digest's NULL parameters as AMD writes them. */
    private static AlgorithmIdentifier pss(ASN1ObjectIdentifier digest, int saltLength, Trailer trailer) {
        var hash = new AlgorithmIdentifier(digest, DERNull.INSTANCE);
        var parameters = new ASN1EncodableVector();
        parameters.add(new DERTaggedObject(true, 0, hash));
        parameters.add(new DERTaggedObject(true, 1, new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, hash)));
        parameters.add(new DERTaggedObject(true, 2, new ASN1Integer(saltLength)));
        if (trailer == Trailer.WRITTEN) {
            parameters.add(new DERTaggedObject(true, 3, new ASN1Integer(1)));
        }
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, new DERSequence(parameters));
    }

    private static AlgorithmIdentifier pkcs1(ASN1ObjectIdentifier algorithm) {
        return new AlgorithmIdentifier(algorithm, DERNull.INSTANCE);
    }
}
