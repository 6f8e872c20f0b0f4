package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;

/** How values stand in an answer. */
final class Encoding {
    /** RFC 5280, section 4.1.2.5.2: in UTC, with seconds, without fractions. What else GeneralizedTime may be is refused. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

    private Encoding() {}

    /** The one DER encoding of a value; of a part of canonical DER, the very bytes that were received. */
    static Bytes of(ASN1Encodable value) throws IOException {
        return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
    }

    static Instant time(ASN1GeneralizedTime time) {
        try {
            // Tag and length take two bytes. Bouncy Castle's own reading would let the machine's time zone in.
            byte[] encoded = time.getEncoded("DER");
            String text = new String(encoded, 2, encoded.length - 2, StandardCharsets.US_ASCII);
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (IOException e) {
            throw new IllegalArgumentException("a time that cannot be encoded", e);
        }
    }

    /**
     * The digest of some bytes.
     *
     * @param algorithm one that every Java platform has
     */
    static Bytes digest(String algorithm, Bytes bytes) {
        try {
            return Bytes.copyOf(MessageDigest.getInstance(algorithm).digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
