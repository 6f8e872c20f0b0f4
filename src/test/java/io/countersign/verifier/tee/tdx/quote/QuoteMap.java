package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;

/**
 * Where the parts of a well-formed quote lie, found without the parser, so that tests can cut and join quotes. Intel TDX DCAP
 * Quote Generation Library, "Quote Format".
 *
 * @param body where the body begins
 * @param signed how many bytes the quote's signature covers; the length of the signature section stands there
 * @param section where the signature section begins
 * @param container the length of the certification data that version 4 wraps the QE report into; 0 in version 3
 * @param qeReport the first byte of the QE report
 * @param authentication the first byte of the authentication data
 * @param chain the first byte of the PCK chain
 * @param end the first byte after the signature section
 */
public record QuoteMap(
        int version,
        int body,
        int signed,
        int section,
        int container,
        int qeReport,
        int authentication,
        int chain,
        int end) {
    private static final int TDX = 0x81;

    public static QuoteMap of(Bytes quote) {
        int version = u16(quote, 0);
        int body = version == 5 ? 54 : 48;
        int length =
                switch (version) {
                    case 3 -> 384;
                    case 4 -> u32(quote, 4) == TDX ? 584 : 384;
                    default -> u32(quote, 50);
                };
        int signed = body + length;
        int section = signed + 4;
        int container = version == 3 ? 0 : section + 130;
        int qeReport = section + (version == 3 ? 128 : 134);
        int authentication = qeReport + 384 + 64 + 2;
        int chain = authentication + u16(quote, authentication - 2) + 6;
        return new QuoteMap(
                version,
                body,
                signed,
                section,
                container,
                qeReport,
                authentication,
                chain,
                chain + u32(quote, chain - 4));
    }

    /** Where the type of the innermost certification data stands; its length follows. */
    public int chainType() {
        return chain - 6;
    }

    public int attestationKey() {
        return section + 64;
    }

    public int qeSignature() {
        return qeReport + 384;
    }

    /** Other bytes in place of a range of the certified part, the enclosing lengths adjusted. */
    public Bytes spliced(Bytes quote, int from, int to, Bytes replacement) {
        int longer = replacement.length() - (to - from);
        Bytes result = Bytes.concat(quote.slice(0, from), replacement, quote.slice(to, quote.length()));
        if (container > 0) {
            result = with(result, container, u32(u32(quote, container) + longer));
        }
        return with(result, signed, u32(u32(quote, signed) + longer));
    }

    /** Another PCK chain. */
    public Bytes withChain(Bytes quote, Bytes pem) {
        return with(spliced(quote, chain, end, pem), chain - 4, u32(pem.length()));
    }

    /** Other authentication data. */
    public Bytes withAuthentication(Bytes quote, Bytes data) {
        return with(spliced(quote, authentication, chainType(), data), authentication - 2, u16(data.length()));
    }

    /** Everything that certifies the attestation key, from another quote of any version. */
    public Bytes withCertificationOf(Bytes quote, Bytes other) {
        QuoteMap there = of(other);
        return spliced(quote, qeReport, end, other.slice(there.qeReport, there.end));
    }

    public static Bytes with(Bytes bytes, int offset, Bytes replacement) {
        return Bytes.concat(
                bytes.slice(0, offset), replacement, bytes.slice(offset + replacement.length(), bytes.length()));
    }

    public static Bytes flipped(Bytes bytes, int bit) {
        byte[] array = bytes.toByteArray();
        array[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.copyOf(array);
    }

    public static int u16(Bytes bytes, int offset) {
        return bytes.u8(offset) | bytes.u8(offset + 1) << 8;
    }

    public static int u32(Bytes bytes, int offset) {
        return u16(bytes, offset) | u16(bytes, offset + 2) << 16;
    }

    /** Two bytes, little-endian. */
    public static Bytes u16(int value) {
        return Bytes.copyOf((byte) value, (byte) (value >> 8));
    }

    /** Four bytes, little-endian. */
    public static Bytes u32(int value) {
        return Bytes.concat(u16(value), u16(value >> 16));
    }
}
