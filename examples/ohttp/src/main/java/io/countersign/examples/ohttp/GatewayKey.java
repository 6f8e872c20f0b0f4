package io.countersign.examples.ohttp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContext;

/** The gateway's HPKE key pair: made inside the TEE, and its private half never leaves it. For OHTTP and nothing else. */
public final class GatewayKey {
    private final AsymmetricCipherKeyPair pair;
    private final KeyConfig config;

    private GatewayKey(int keyId, Kem kem, List<Aead> aeads, AsymmetricCipherKeyPair pair) {
        this.pair = pair;
        this.config = new KeyConfig(
                keyId,
                PublicKey.of(kem, pair.getPublic()),
                aeads.stream().map(KeyConfig.Suite::of).toList());
    }

    /** Makes a new key, offered with every AEAD. */
    public static GatewayKey generate(int keyId, Kem kem) {
        return new GatewayKey(keyId, kem, List.of(Aead.values()), Hpke.newKeyPair(kem));
    }

    /** A key from its bytes (RFC 9180 section 7.1.2), which must belong together. */
    static GatewayKey of(int keyId, Kem kem, List<Aead> aeads, byte[] privateKey, byte[] publicKey)
            throws MalformedException {
        AsymmetricCipherKeyPair pair;
        try {
            pair = Hpke.keyPair(kem, privateKey);
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw new MalformedException("The private key is not one of " + kem.curve() + "; make a new one");
        }
        if (!Arrays.equals(publicKey, Hpke.encoded(kem, pair.getPublic()))) {
            throw new MalformedException("The public half does not belong to the private key; make a new key");
        }
        return new GatewayKey(keyId, kem, aeads, pair);
    }

    /** A key as a boot client keeps it in its file: a private JWK, EC P-256, EC P-384 or OKP X25519. */
    public static GatewayKey fromJwk(int keyId, String privateJwk) throws MalformedException {
        try {
            JWK jwk = JWK.parse(privateJwk);
            Kem kem = Kem.ofCurve(String.valueOf(jwk.toJSONObject().get("crv"))).orElse(null);
            if (kem == null || !jwk.isPrivate()) {
                throw new MalformedException("The key file holds " + jwk.getKeyType()
                        + "; expected a private JWK, EC P-256, EC P-384 or OKP X25519");
            }
            byte[] privateKey =
                    switch (jwk) {
                        case ECKey ec -> ec.getD().decode();
                        case OctetKeyPair okp -> okp.getD().decode();
                        default -> throw new MalformedException("The key file holds no private key for " + kem);
                    };
            PublicKey publicKey = PublicKey.read(kem, PublicKey.encoded(jwk, kem), 0);
            return of(keyId, kem, List.of(Aead.values()), privateKey, publicKey.encoded());
        } catch (ParseException | IllegalStateException _) {
            throw new MalformedException("The key file is not a JWK; expected the file that the boot client wrote");
        }
    }

    public KeyConfig config() {
        return config;
    }

    /** What goes into {@code key} of {@code POST /v1/attestations}, and into the binding by its thumbprint. */
    public JWK attestedJwk() {
        return config.jwk();
    }

    String thumbprint() {
        try {
            return attestedJwk().computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    /** Opens an encapsulated request (RFC 9458 section 4.3). */
    OpenedRequest open(byte[] message) throws MalformedException {
        var cursor = new Cursor(message);
        RequestHeader header = RequestHeader.read(cursor);
        Aead aead = header.suite().known().filter(config::offers).orElse(null);
        if (header.keyId() != config.keyId() || header.kemId() != config.kem().id() || aead == null) {
            throw new MalformedException("The request names a key, KEM, KDF or AEAD that key " + config.keyId()
                    + " does not offer; expected what its key configuration says");
        }
        byte[] encapsulated = cursor.take(config.kem().keyLength(), "the encapsulated key");
        byte[] sealed = cursor.rest();
        try {
            HPKEContext context = Hpke.suite(config.kem(), aead).setupBaseR(encapsulated, pair, header.info());
            byte[] request = context.open(new byte[0], sealed);
            return new OpenedRequest(request, aead, new ResponseSecret(aead, encapsulated, context));
        } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException _) {
            throw new MalformedException("The request does not decrypt with key " + config.keyId()
                    + "; expected one that was encrypted to it");
        }
    }
}
