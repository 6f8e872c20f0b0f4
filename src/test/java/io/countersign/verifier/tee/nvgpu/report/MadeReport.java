package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A report made of parts of any length and content, after the tables of DMTF DSP0274 version 1.1 and NVIDIA Opaque Data Format,
 * without the parser's own constants. Its signature is no signature.
 */
public record MadeReport(Bytes request, Bytes head, List<Bytes> blocks, Bytes nonce, Bytes opaque, Bytes signature) {
    /** A GPU as drivers up to those of CUDA 13.4 report it. */
    public static MadeReport gpu() {
        return of(64, legacy(gpuEntries()));
    }

    /** A GPU as later drivers report it. */
    public static MadeReport versionedGpu() {
        return of(64, versioned(gpuEntries()));
    }

    public static MadeReport nvSwitch() {
        return of(31, legacy(switchEntries()));
    }

    /** A switch whose firmware has its GPUs in another entry. */
    public static MadeReport oldSwitch() {
        var entries = switchEntries();
        entries.put(4, entries.remove(26));
        return of(31, legacy(entries));
    }

    /** A device of any kind with this opaque data. */
    public static MadeReport of(int blocks, Bytes opaque) {
        var made = new ArrayList<Bytes>();
        for (int i = 1; i <= blocks; i++) {
            made.add(block(i, Bytes.utf8("measurement " + i).sha384()));
        }
        return new MadeReport(
                Bytes.concat(Bytes.fromHex("11e001ff"), Bytes.utf8("challenge").sha256(), Bytes.fromHex("00")),
                Bytes.concat(Bytes.fromHex("11600000"), u8(blocks), u16(blocks * 55), u8(0)),
                made,
                Bytes.utf8("response").sha256(),
                opaque,
                Bytes.concat(Bytes.utf8("r").sha384(), Bytes.utf8("s").sha384()));
    }

    public static Map<Integer, Bytes> gpuEntries() {
        var entries = new LinkedHashMap<Integer, Bytes>();
        entries.put(6, Bytes.fromHex("009f009601000000"));
        entries.put(14, Bytes.fromHex("b1030000"));
        entries.put(15, ascii("882\0\0\0\0\0\0"));
        entries.put(16, ascii("0\0\0\0\0"));
        entries.put(17, ascii("1010\0"));
        entries.put(18, ascii("0200\0"));
        entries.put(19, ascii("\0\0"));
        entries.put(3, ascii("580.126.20\0"));
        entries.put(4, Bytes.fromHex("8001000000000000"));
        entries.put(12, counts(64));
        entries.put(13, Bytes.fromHex("00c00100"));
        entries.put(11, Bytes.fromHex("55"));
        entries.put(20, Bytes.utf8("firmware").sha384());
        entries.put(21, Bytes.fromHex("aa"));
        entries.put(22, Bytes.fromHex("0102030405060708".repeat(17) + "00".repeat(8)));
        entries.put(34, Bytes.fromHex("0100"));
        entries.put(36, Bytes.fromHex("0200"));
        return entries;
    }

    public static Map<Integer, Bytes> switchEntries() {
        var entries = new LinkedHashMap<Integer, Bytes>();
        entries.put(6, ascii("96.10.55.00.01"));
        entries.put(22, Bytes.fromHex("0807060504030201"));
        entries.put(12, counts(26));
        entries.put(
                26,
                Bytes.fromHex("1122334455667788" + "ff".repeat(8) + "99aabbccddeeff00" + "ff".repeat(40)
                        + "00".repeat(4) + "02".repeat(4) + "ff".repeat(56)));
        entries.put(23, Bytes.fromHex("ec00"));
        entries.put(24, Bytes.fromHex("0300"));
        entries.put(25, Bytes.fromHex("0100"));
        return entries;
    }

    public Bytes bytes() {
        return Bytes.concat(
                request,
                head,
                Bytes.concat(blocks.toArray(Bytes[]::new)),
                nonce,
                u16(opaque.length()),
                opaque,
                signature);
    }

    public MadeReport withRequest(int offset, String hex) {
        return new MadeReport(put(request, offset, hex), head, blocks, nonce, opaque, signature);
    }

    /** In the response before its measurements. */
    public MadeReport withHead(int offset, String hex) {
        return new MadeReport(request, put(head, offset, hex), blocks, nonce, opaque, signature);
    }

    /** In one block, counted from 0. */
    public MadeReport withBlock(int block, int offset, String hex) {
        var changed = new ArrayList<>(blocks);
        changed.set(block, put(blocks.get(block), offset, hex));
        return new MadeReport(request, head, changed, nonce, opaque, signature);
    }

    /** Only the first blocks, and a head that says so. */
    public MadeReport withBlocks(int number) {
        MadeReport other = of(number, opaque);
        return new MadeReport(request, other.head, blocks.subList(0, number), nonce, opaque, signature);
    }

    public MadeReport withOpaque(Bytes other) {
        return new MadeReport(request, head, blocks, nonce, other, signature);
    }

    public static Bytes legacy(Map<Integer, Bytes> entries) {
        return Bytes.concat(entries.entrySet().stream()
                .map(entry -> legacyEntry(entry.getKey(), entry.getValue()))
                .toArray(Bytes[]::new));
    }

    public static Bytes versioned(Map<Integer, Bytes> entries) {
        return Bytes.concat(
                header(0, 2),
                Bytes.concat(entries.entrySet().stream()
                        .map(entry -> versionedEntry(entry.getKey(), 0x86, entry.getValue()))
                        .toArray(Bytes[]::new)));
    }

    /** The same entries but one. */
    public static Map<Integer, Bytes> changed(Map<Integer, Bytes> entries, int type, UnaryOperator<Bytes> change) {
        var changed = new LinkedHashMap<>(entries);
        changed.put(type, change.apply(changed.getOrDefault(type, Bytes.empty())));
        return changed;
    }

    public static Bytes header(int profile, int major) {
        return Bytes.concat(ascii("NVDAOD"), u16(profile), u8(major), Bytes.fromHex("000000"));
    }

    public static Bytes legacyEntry(int type, Bytes data) {
        return Bytes.concat(u16(type), u16(data.length()), data);
    }

    public static Bytes versionedEntry(int type, int valueType, Bytes data) {
        return Bytes.concat(u16(type), u16(valueType), u16(data.length()), data);
    }

    public static Bytes block(int index, Bytes digest) {
        return Bytes.concat(u8(index), Bytes.fromHex("01330001"), u16(digest.length()), digest);
    }

    public static Bytes ascii(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Other bytes in place of as many from an offset on. */
    public static Bytes put(Bytes bytes, int offset, String hex) {
        Bytes other = Bytes.fromHex(hex);
        return Bytes.concat(bytes.slice(0, offset), other, bytes.slice(offset + other.length(), bytes.length()));
    }

    private static Bytes counts(int number) {
        var counts = new ArrayList<Bytes>();
        for (int i = 0; i < number; i++) {
            counts.add(Bytes.concat(u16(i * 1000), u16(i == number - 1 ? 0xFFFF : 0)));
        }
        return Bytes.concat(counts.toArray(Bytes[]::new));
    }

    private static Bytes u8(int value) {
        return Bytes.copyOf((byte) value);
    }

    private static Bytes u16(int value) {
        return Bytes.copyOf((byte) value, (byte) (value >> 8));
    }
}
