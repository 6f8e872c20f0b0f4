package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Signatures;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** A signer of CoRIMs with the JDK's own keys. */
public record CorimKey(long algorithm, KeyPair pair) {
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());

    public static CorimKey p256() {
        return new CorimKey(-7, elliptic("secp256r1"));
    }

    public static CorimKey p384() {
        return new CorimKey(-35, elliptic("secp384r1"));
    }

    static CorimKey p521() {
        return new CorimKey(-36, elliptic("secp521r1"));
    }

    static CorimKey rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new CorimKey(-38, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair elliptic(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] sign(byte[] message) {
        try {
            Signature signer;
            if (algorithm == -38) {
                signer = Signature.getInstance("RSASSA-PSS");
                signer.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
            } else {
                signer = Signature.getInstance(
                        algorithm == -7 ? "SHA256withECDSAinP1363Format" : "SHA384withECDSAinP1363Format");
            }
            signer.initSign(pair.getPrivate());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Bytes pem() {
        return Bytes.utf8("-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n");
    }

    public PinnedSigner pinned() {
        try {
            return PinnedSigner.fromPem("signer.pem", pem(), SIGNATURES);
        } catch (ImportException e) {
            throw new AssertionError("the key is good", e);
        }
    }

    static PinnedSigner pin(Bytes pem) throws ImportException {
        return PinnedSigner.fromPem("signer.pem", pem, SIGNATURES);
    }
}
