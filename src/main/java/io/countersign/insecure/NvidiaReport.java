package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A report being made: GET_MEASUREMENTS request and MEASUREMENTS response, every field by name, before and after signing.
 * DMTF DSP0274, version 1.1, sections 10.11.1 and 10.11.2; the opaque data as genuine reports have them.
 */
public final class NvidiaReport {
    private record Patch(int offset, Bytes bytes) {}

    private static final Bytes NVDAOD_2_0 = Bytes.concat(Bytes.utf8("NVDAOD"), Bytes.fromHex("000002000000"));

    private final byte[] request = new byte[37];
    private final byte[] responseHead = Bytes.fromHex("11600000").toByteArray();
    private final List<NvidiaBlock> blocks = new ArrayList<>();
    private final List<NvidiaOpaque> opaque = new ArrayList<>();
    private final List<Patch> beforeSigning = new ArrayList<>();
    private final List<Patch> afterSigning = new ArrayList<>();
    private NvidiaOpaque.Layout layout = NvidiaOpaque.Layout.LEGACY;
    private Bytes opaqueHeader = NVDAOD_2_0;
    private Bytes opaqueTail = Bytes.empty();
    private Bytes responderNonce;
    private NvidiaKey signer;
    private Bytes trailing = Bytes.empty();
    private IntUnaryOperator blockCount = IntUnaryOperator.identity();
    private IntUnaryOperator recordLength = IntUnaryOperator.identity();
    private IntUnaryOperator opaqueLength = IntUnaryOperator.identity();
    private UnaryOperator<Bytes> signature = UnaryOperator.identity();

    NvidiaReport(Bytes nonce, NvidiaKey signer) {
        this.signer = signer;
        this.responderNonce = Bytes.concat(Bytes.utf8("responder"), nonce).sha256();
        requestBytes(0, Bytes.fromHex("11e001ff"));
        nonce(nonce);
    }

    /** The challenge in the request. */
    public NvidiaReport nonce(Bytes nonce) {
        return requestBytes(4, nonce);
    }

    /** Any bytes of the request: 0 version, 1 code, 2 and 3 parameters, 36 slot. */
    public NvidiaReport requestBytes(int offset, Bytes value) {
        System.arraycopy(value.toByteArray(), 0, request, offset, value.length());
        return this;
    }

    /** Any bytes of the response's head: 0 version, 1 code, 2 and 3 parameters. */
    public NvidiaReport responseBytes(int offset, Bytes value) {
        System.arraycopy(value.toByteArray(), 0, responseHead, offset, value.length());
        return this;
    }

    public NvidiaReport responderNonce(Bytes nonce) {
        responderNonce = nonce;
        return this;
    }

    /** The blocks to add to, take from and change. */
    public NvidiaReport blocks(Consumer<List<NvidiaBlock>> change) {
        change.accept(blocks);
        return this;
    }

    /** One block, wherever it stands. */
    public NvidiaReport block(int rimIndex, UnaryOperator<NvidiaBlock> change) {
        blocks.replaceAll(block -> block.index() == rimIndex + 1 ? change.apply(block) : block);
        return this;
    }

    /** Another measurement; how often it was extended stays. */
    public NvidiaReport measured(int rimIndex, Bytes value) {
        return block(rimIndex, block -> block.withValue(value));
    }

    /** The entries of the opaque data to add to, take from and change. */
    public NvidiaReport opaque(Consumer<List<NvidiaOpaque>> change) {
        change.accept(opaque);
        return this;
    }

    /** An entry with other data where it stands, or a new one at the end. */
    public NvidiaReport opaque(int id, Bytes data) {
        if (opaque.stream().noneMatch(entry -> entry.id() == id)) {
            opaque.add(NvidiaOpaque.of(id, data));
        }
        opaque.replaceAll(entry -> entry.id() == id ? NvidiaOpaque.of(id, data) : entry);
        return this;
    }

    public NvidiaReport withoutOpaque(int id) {
        opaque.removeIf(entry -> entry.id() == id);
        return this;
    }

    /** How often each register was extended: entry 12. */
    public NvidiaReport extensions(UnaryOperator<int[]> change) {
        opaque.replaceAll(entry -> {
            if (entry.id() != NvidiaOpaque.MSRSCNT) {
                return entry;
            }
            int[] counts = new int[entry.data().length() / 4];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = entry.data().u8(4 * i) | entry.data().u8(4 * i + 1) << 8;
            }
            return NvidiaOpaque.of(NvidiaOpaque.MSRSCNT, counters(change.apply(counts)));
        });
        return this;
    }

    static Bytes counters(int... counts) {
        Bytes[] words = new Bytes[counts.length];
        for (int i = 0; i < counts.length; i++) {
            words[i] = LittleEndian.u32(counts[i]);
        }
        return Bytes.concat(words);
    }

    public NvidiaReport layout(NvidiaOpaque.Layout other) {
        layout = other;
        return this;
    }

    /** The 12 bytes before the entries in the newer layout. */
    public NvidiaReport opaqueHeader(Bytes other) {
        opaqueHeader = other;
        return this;
    }

    /** Bytes after the entries that the length counts. */
    public NvidiaReport opaqueTail(Bytes other) {
        opaqueTail = other;
        return this;
    }

    /** What NumberOfBlocks says; the blocks stay. */
    public NvidiaReport blockCount(IntUnaryOperator change) {
        blockCount = change;
        return this;
    }

    /** What MeasurementRecordLength says. */
    public NvidiaReport recordLength(IntUnaryOperator change) {
        recordLength = change;
        return this;
    }

    /** What OpaqueLength says. */
    public NvidiaReport opaqueLength(IntUnaryOperator change) {
        opaqueLength = change;
        return this;
    }

    /** Signs with this key, whatever the certificate says. */
    public NvidiaReport signedBy(NvidiaKey other) {
        signer = other;
        return this;
    }

    /** r and s, 48 bytes each. */
    public NvidiaReport signature(UnaryOperator<Bytes> change) {
        signature = change;
        return this;
    }

    /** Bytes after the signature. */
    public NvidiaReport trailing(Bytes bytes) {
        trailing = bytes;
        return this;
    }

    /** Any bytes in place of others, counted from the beginning of the request; they are signed. */
    public NvidiaReport patch(int offset, Bytes bytes) {
        beforeSigning.add(new Patch(offset, bytes));
        return this;
    }

    /** Any bytes in place of others, after signing. */
    public NvidiaReport patchAfterSigning(int offset, Bytes bytes) {
        afterSigning.add(new Patch(offset, bytes));
        return this;
    }

    /** The whole report. */
    public Bytes signed() {
        Bytes records = Bytes.concat(blocks.stream().map(NvidiaBlock::encoded).toArray(Bytes[]::new));
        Bytes entries =
                Bytes.concat(opaque.stream().map(entry -> entry.encoded(layout)).toArray(Bytes[]::new));
        Bytes data = layout == NvidiaOpaque.Layout.VERSIONED
                ? Bytes.concat(opaqueHeader, entries, opaqueTail)
                : Bytes.concat(entries, opaqueTail);
        Bytes body = patched(
                beforeSigning,
                Bytes.concat(
                        Bytes.copyOf(request),
                        Bytes.copyOf(responseHead),
                        Bytes.copyOf((byte) blockCount.applyAsInt(blocks.size())),
                        LittleEndian.u32(recordLength.applyAsInt(records.length()))
                                .slice(0, 3),
                        records,
                        responderNonce,
                        LittleEndian.u16(opaqueLength.applyAsInt(data.length())),
                        data));
        Bytes whole = Bytes.concat(body, signature.apply(signer.signRaw(body)));
        return Bytes.concat(patched(afterSigning, whole), trailing);
    }

    private static Bytes patched(List<Patch> patches, Bytes bytes) {
        byte[] changed = bytes.toByteArray();
        patches.forEach(
                patch -> System.arraycopy(patch.bytes.toByteArray(), 0, changed, patch.offset, patch.bytes.length()));
        return Bytes.copyOf(changed);
    }
}
