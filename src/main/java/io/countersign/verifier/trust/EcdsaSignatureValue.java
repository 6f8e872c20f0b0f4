package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/** {@code SEQUENCE { r INTEGER, s INTEGER }}: RFC 3279, section 2.2.3. */
final class EcdsaSignatureValue {
    private EcdsaSignatureValue() {}

    /** r and s of {@code width} bytes each, big-endian; empty unless the bytes are the one DER encoding of both. */
    static Optional<Bytes> raw(Bytes der, int width) {
        try {
            if (!(ASN1Primitive.fromByteArray(der.toByteArray()) instanceof ASN1Sequence pair)
                    || pair.size() != 2
                    || !(pair.getObjectAt(0) instanceof ASN1Integer r)
                    || !(pair.getObjectAt(1) instanceof ASN1Integer s)
                    || !Bytes.copyOf(pair.getEncoded("DER")).equals(der)) {
                return Optional.empty();
            }
            return fixed(r.getValue(), width)
                    .flatMap(first -> fixed(s.getValue(), width).map(second -> Bytes.concat(first, second)));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<Bytes> fixed(BigInteger value, int width) {
        if (value.signum() < 0 || value.bitLength() > width * 8) {
            return Optional.empty();
        }
        byte[] minimal = value.toByteArray();
        byte[] padded = new byte[width];
        int skip = Math.max(0, minimal.length - width);
        System.arraycopy(minimal, skip, padded, width - (minimal.length - skip), minimal.length - skip);
        return Optional.of(Bytes.copyOf(padded));
    }
}
