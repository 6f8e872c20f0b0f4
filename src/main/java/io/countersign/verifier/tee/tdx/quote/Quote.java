package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.nio.ByteOrder;

/**
 * A quote as received, versions 3 (SGX), 4 and 5. Intel TDX DCAP Quote Generation Library, "Quote Format"; Intel SGX ECDSA
 * Quote Library API, appendix A.
 *
 * @param bodyOffset where the body begins: 48, or 54 after a version 5 descriptor
 * @param signedBytes header, descriptor and body exactly as received
 * @param end where the signature section ends
 * @param trailing what follows the signature section; many producers pad with zeros, and nothing vouches for it
 */
public record Quote(
        QuoteHeader header,
        TeeType tee,
        int bodyOffset,
        QuoteBody body,
        QuoteSignature signature,
        Bytes signedBytes,
        int end,
        Bytes trailing) {
    public static final String STRUCTURE = "quote";

    private static final int DESCRIPTOR = 6;

    /** REPORTTYPE.TYPE of a TDREPORT_STRUCT, which stands where a quote has its version. */
    private static final int TDREPORT = 0x81;

    /** A body as its header or descriptor announces it. */
    private enum Shape {
        ENCLAVE(TeeType.SGX, 1, EnclaveReport.LENGTH),
        TD_1_0(TeeType.TDX, 2, TdReport.LENGTH_1_0),
        TD_1_5(TeeType.TDX, 3, TdReport.LENGTH_1_5);

        private final TeeType tee;
        private final int code;
        private final int length;

        Shape(TeeType tee, int code, int length) {
            this.tee = tee;
            this.code = code;
            this.length = length;
        }
    }

    /** Reads a quote of a version, TEE and kind of key that we know. */
    public static Quote parse(Bytes raw) throws EvidenceException {
        int headLength = Math.min(raw.length(), QuoteHeader.LENGTH);
        QuoteHeader header =
                ByteCursor.readExactly(STRUCTURE, raw.slice(0, headLength), ByteOrder.LITTLE_ENDIAN, QuoteHeader::read);
        TeeType tee = tee(header);
        Bytes rest = raw.slice(QuoteHeader.LENGTH, raw.length());
        Shape shape = header.version() == 5 ? described(rest, tee) : tee == TeeType.SGX ? Shape.ENCLAVE : Shape.TD_1_0;
        int bodyOffset = QuoteHeader.LENGTH + (header.version() == 5 ? DESCRIPTOR : 0);
        Parts parts = ByteCursor.readExactly(
                STRUCTURE, raw, ByteOrder.LITTLE_ENDIAN, in -> Parts.read(in, bodyOffset, shape.length));
        QuoteBody body = shape == Shape.ENCLAVE
                ? ByteCursor.readExactly("enclave report", parts.body(), ByteOrder.LITTLE_ENDIAN, EnclaveReport::read)
                : ByteCursor.readExactly("TD report", parts.body(), ByteOrder.LITTLE_ENDIAN, TdReport::read);
        return new Quote(
                header,
                tee,
                bodyOffset,
                body,
                QuoteSignature.parse(header.version(), parts.signature()),
                raw.slice(0, bodyOffset + shape.length),
                raw.length() - parts.trailing().length(),
                parts.trailing());
    }

    /** The cuts between the regions. */
    private record Parts(Bytes body, Bytes signature, Bytes trailing) {
        static Parts read(ByteCursor in, int bodyOffset, int bodyLength) throws MalformedEvidenceException {
            in.bytes(bodyOffset);
            Bytes body = in.bytes(bodyLength);
            long length = in.u32();
            if (length > in.remaining()) {
                throw in.malformed("the signature section has %d bytes, %d remain".formatted(length, in.remaining()));
            }
            return new Parts(body, in.bytes((int) length), in.bytes(in.remaining()));
        }
    }

    private static TeeType tee(QuoteHeader header) throws UnsupportedEvidenceException {
        if (header.version() == TDREPORT) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE, "this looks like a raw TDREPORT: send the quote that a quoting enclave makes of it");
        }
        if (header.version() < 3 || header.version() > 5) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE, "version " + header.version() + " is not known; versions 3, 4 and 5 are");
        }
        if (header.attestationKeyType() != QuoteHeader.ECDSA_P256) {
            throw new UnsupportedEvidenceException(
                    STRUCTURE,
                    "attestation key type " + header.attestationKeyType()
                            + " is not known; type 2 (ECDSA over P-256) is");
        }
        if (header.version() == 3) {
            // Reserved there: what else stands in it is for the format check to refuse.
            return TeeType.SGX;
        }
        for (TeeType tee : TeeType.values()) {
            if (tee.code() == header.teeType()) {
                return tee;
            }
        }
        throw new UnsupportedEvidenceException(
                STRUCTURE,
                "TEE type 0x%08x is not known; 0x00000000 (SGX) and 0x00000081 (TDX) are".formatted(header.teeType()));
    }

    private record Descriptor(int type, long size) {
        static Descriptor read(ByteCursor in) throws MalformedEvidenceException {
            return new Descriptor(in.u16(), in.u32());
        }
    }

    private static Shape described(Bytes rest, TeeType tee) throws EvidenceException {
        Descriptor descriptor = ByteCursor.readExactly(
                "body descriptor",
                rest.slice(0, Math.min(DESCRIPTOR, rest.length())),
                ByteOrder.LITTLE_ENDIAN,
                Descriptor::read);
        for (Shape shape : Shape.values()) {
            if (shape.code == descriptor.type()) {
                if (shape.tee != tee) {
                    throw new MalformedEvidenceException(
                            STRUCTURE,
                            QuoteHeader.LENGTH,
                            "a body of type %d in a quote about %s".formatted(descriptor.type(), tee.name()));
                }
                if (shape.length != descriptor.size()) {
                    throw new MalformedEvidenceException(
                            STRUCTURE,
                            QuoteHeader.LENGTH + 2,
                            "a body of type %d has %d bytes, not %d"
                                    .formatted(descriptor.type(), shape.length, descriptor.size()));
                }
                return shape;
            }
        }
        throw new UnsupportedEvidenceException(
                STRUCTURE, "body type " + descriptor.type() + " is not known; types 1, 2 and 3 are");
    }
}
