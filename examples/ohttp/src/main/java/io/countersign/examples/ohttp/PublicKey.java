package io.countersign.examples.ohttp;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/** An HPKE public key: in bytes as OHTTP sends it, as a JWK as it is attested, and as a parameter to compute with. */
public final class PublicKey {
    private static final int UNCOMPRESSED = 0x04;

    private final Kem kem;
    private final byte[] encoded;
    private final AsymmetricKeyParameter parameter;

    private PublicKey(Kem kem, byte[] encoded, AsymmetricKeyParameter parameter) {
        this.kem = kem;
        this.encoded = encoded;
        this.parameter = parameter;
    }

    /** Reads a key as SerializePublicKey writes it (RFC 9180 section 7.1.1); a point must be uncompressed and on the curve. */
    static PublicKey read(Kem kem, byte[] encoded, int offset) throws MalformedException {
        if (kem != Kem.X25519 && encoded[0] != UNCOMPRESSED) {
            throw new MalformedException(String.format(
                    "The %s point at offset %d begins with 0x%02x; expected 0x04, an uncompressed point",
                    kem.curve(), offset, encoded[0]));
        }
        try {
            return new PublicKey(kem, encoded.clone(), Hpke.publicKey(kem, encoded));
        } catch (IllegalArgumentException _) {
            throw new MalformedException("The bytes at offset " + offset + " are no public key of " + kem.curve()
                    + "; expected a point on the curve, of large order");
        }
    }

    static PublicKey of(Kem kem, AsymmetricKeyParameter parameter) {
        return new PublicKey(kem, Hpke.encoded(kem, parameter), parameter);
    }

    public Kem kem() {
        return kem;
    }

    byte[] encoded() {
        return encoded.clone();
    }

    AsymmetricKeyParameter parameter() {
        return parameter;
    }

    /** The key with nothing but the members that make its RFC 7638 thumbprint. */
    public JWK jwk() {
        if (kem == Kem.X25519) {
            return new OctetKeyPair.Builder(Curve.X25519, Base64URL.encode(encoded)).build();
        }
        int half = 1 + (encoded.length - 1) / 2;
        return new ECKey.Builder(
                        Curve.parse(kem.curve()),
                        Base64URL.encode(Arrays.copyOfRange(encoded, 1, half)),
                        Base64URL.encode(Arrays.copyOfRange(encoded, half, encoded.length)))
                .build();
    }

    /** The bytes of a JWK's public half, not yet checked. */
    static byte[] encoded(JWK jwk, Kem kem) throws MalformedException {
        byte[] bytes =
                switch (jwk) {
                    case ECKey ec ->
                        ByteBuffer.allocate(1
                                        + ec.getX().decode().length
                                        + ec.getY().decode().length)
                                .put((byte) UNCOMPRESSED)
                                .put(ec.getX().decode())
                                .put(ec.getY().decode())
                                .array();
                    case OctetKeyPair okp -> okp.getX().decode();
                    default -> new byte[0];
                };
        if (bytes.length != kem.keyLength()) {
            throw new MalformedException("The JWK is not a key of " + kem.curve() + " with coordinates at full length");
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && kem == that.kem && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return kem.curve() + " " + HexFormat.of().formatHex(encoded);
    }
}
