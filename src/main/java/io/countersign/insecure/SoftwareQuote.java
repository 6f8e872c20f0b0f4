package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A quote being made: every field by name, before and after signing. It starts out as the quoting enclave of an up-to-date
 * machine would make it. Intel SGX ECDSA Quote Library API, A.4; Intel TDX DCAP Quoting Library API, A.3.
 */
public final class SoftwareQuote {
    private static final int HEADER_LENGTH = 48;
    private static final Bytes INTEL = Bytes.fromHex("939a7233f79c4ca9940a0db3957f0607");

    private record Patch(QuotePart part, int offset, Bytes bytes) {}

    private final QuoteForm form;
    private final byte[] header = new byte[HEADER_LENGTH];
    private final byte[] body;
    private final byte[] qeReport;
    private final QuoteSection section = new QuoteSection();
    private final List<Patch> afterSigning = new ArrayList<>();
    private Bytes descriptor;
    private P256Key attestationKey;
    private Optional<Bytes> shownKey = Optional.empty();
    private Optional<Bytes> qeReportData = Optional.empty();
    private P256Key pck;
    private Bytes authenticationData =
            Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private UnaryOperator<Bytes> signature = UnaryOperator.identity();
    private UnaryOperator<Bytes> qeSignature = UnaryOperator.identity();

    SoftwareQuote(QuoteForm form, SoftwareIntel intel, PckCa ca) {
        this.form = form;
        this.attestationKey = intel.keys().attestation();
        this.pck = intel.keys().pck(ca);
        this.body = form.tee() == TeeType.TDX ? SoftwareTd.body(form) : SoftwareEnclave.workload();
        this.qeReport = SoftwareEnclave.quotingEnclave(form.tee());
        this.descriptor = form.hasDescriptor() ? descriptor(form.bodyType(), form.bodyLength()) : Bytes.empty();
        chain(intel.pckChain(ca));
        header(QuoteHeaderField.VERSION, LittleEndian.u16(form.version()));
        header(QuoteHeaderField.ATTESTATION_KEY_TYPE, LittleEndian.u16(2));
        header(QuoteHeaderField.TEE_TYPE, LittleEndian.u32(form.tee().code()));
        header(QuoteHeaderField.QE_VENDOR_ID, INTEL);
        header(
                QuoteHeaderField.USER_DATA,
                IntelMachine.named("QE identifier").slice(0, 16).zeroPaddedTo(20));
        if (form.version() == 3) {
            header(QuoteHeaderField.QE_SVN, LittleEndian.u16(11));
            header(QuoteHeaderField.PCE_SVN, LittleEndian.u16(IntelMachine.PCE_SVN));
        }
    }

    public QuoteForm form() {
        return form;
    }

    public SoftwareQuote header(QuoteHeaderField field, Bytes value) {
        return put(header, field.offset(), field.length(), value);
    }

    /** A field of a TD's body; what does not fill it exactly is an {@link IllegalArgumentException}. */
    public SoftwareQuote td(TdField field, Bytes value) {
        return put(body, field.offset(), field.length(), value);
    }

    /** A field of an enclave's body. */
    public SoftwareQuote enclave(SgxField field, Bytes value) {
        return put(body, field.offset(), field.length(), value);
    }

    public SoftwareQuote reportData(Bytes value) {
        return form.tee() == TeeType.TDX ? td(TdField.REPORTDATA, value) : enclave(SgxField.REPORTDATA, value);
    }

    /** TDATTRIBUTES with these bits and SEPT_VE_DISABLE. */
    public SoftwareQuote tdAttributes(int... bits) {
        long value = 1L << 28;
        for (int bit : bits) {
            value |= 1L << bit;
        }
        return td(TdField.TDATTRIBUTES, LittleEndian.u64(value));
    }

    /** Version 5's six bytes between header and body. */
    public SoftwareQuote bodyDescriptor(int type, long size) {
        descriptor = descriptor(type, size);
        return this;
    }

    /** A field of the quoting enclave's report; REPORTDATA then is not computed. */
    public SoftwareQuote qe(SgxField field, Bytes value) {
        if (field == SgxField.REPORTDATA) {
            qeReportData = Optional.of(value);
        }
        return put(qeReport, field.offset(), field.length(), value);
    }

    public SoftwareQuote authenticationData(Bytes value) {
        authenticationData = value;
        return this;
    }

    /** Signs with this key and shows it. */
    public SoftwareQuote attestationKey(P256Key key) {
        attestationKey = key;
        return this;
    }

    /** Shows these 64 bytes as the attestation key, whichever key signs; the QE report vouches for them. */
    public SoftwareQuote shownKey(Bytes point) {
        shownKey = Optional.of(point);
        return this;
    }

    /** Signs the quoting enclave's report with this key. */
    public SoftwareQuote qeReportSignedBy(P256Key key) {
        pck = key;
        return this;
    }

    public SoftwareQuote signature(UnaryOperator<Bytes> change) {
        signature = change;
        return this;
    }

    public SoftwareQuote qeSignature(UnaryOperator<Bytes> change) {
        qeSignature = change;
        return this;
    }

    /** This PEM text with the NUL after it that Intel's libraries write. */
    public SoftwareQuote chain(String pem) {
        return certification(5, Bytes.concat(Bytes.utf8(pem), Bytes.zeros(1)));
    }

    public SoftwareQuote certification(int type, Bytes data) {
        section.certification(type, data);
        return this;
    }

    /** What the signature section says about itself, and what stands where nothing should. */
    public SoftwareQuote section(Consumer<QuoteSection> change) {
        change.accept(section);
        return this;
    }

    /** Any bytes in place of others, after signing. */
    public SoftwareQuote patchAfterSigning(QuotePart part, int offset, Bytes value) {
        afterSigning.add(new Patch(part, offset, value));
        return this;
    }

    /** The whole quote. */
    Bytes signed() {
        Bytes key = shownKey.orElseGet(attestationKey::point);
        Bytes vouched = qeReportData.orElseGet(
                () -> Bytes.concat(key, authenticationData).sha256().zeroPaddedTo(64));
        put(qeReport, SgxField.REPORTDATA.offset(), SgxField.REPORTDATA.length(), vouched);
        Bytes signedBytes = Bytes.concat(Bytes.copyOf(header), descriptor, Bytes.copyOf(body));
        Bytes qe = Bytes.copyOf(qeReport);
        Bytes quoteSignature = signature.apply(attestationKey.signRaw(signedBytes));
        Bytes reportSignature = qeSignature.apply(pck.signRaw(qe));
        Bytes region = Bytes.concat(
                patched(QuotePart.HEADER, Bytes.copyOf(header)),
                patched(QuotePart.DESCRIPTOR, descriptor),
                patched(QuotePart.BODY, Bytes.copyOf(body)));
        return section.around(
                form,
                region,
                Bytes.concat(patched(QuotePart.SIGNATURE, quoteSignature), patched(QuotePart.ATTESTATION_KEY, key)),
                Bytes.concat(patched(QuotePart.QE_REPORT, qe), patched(QuotePart.QE_SIGNATURE, reportSignature)),
                patched(QuotePart.AUTHENTICATION_DATA, authenticationData),
                certification -> patched(QuotePart.CERTIFICATION_DATA, certification));
    }

    private Bytes patched(QuotePart part, Bytes bytes) {
        byte[] changed = bytes.toByteArray();
        afterSigning.stream()
                .filter(patch -> patch.part == part)
                .forEach(patch ->
                        System.arraycopy(patch.bytes.toByteArray(), 0, changed, patch.offset, patch.bytes.length()));
        return Bytes.copyOf(changed);
    }

    private SoftwareQuote put(byte[] into, int offset, int length, Bytes value) {
        if (value.length() != length) {
            throw new IllegalArgumentException("a field of %d bytes cannot hold %d".formatted(length, value.length()));
        }
        System.arraycopy(value.toByteArray(), 0, into, offset, length);
        return this;
    }

    private static Bytes descriptor(int type, long size) {
        return Bytes.concat(LittleEndian.u16(type), LittleEndian.u32(size));
    }

    /** n minus s in place of s: as valid, and Intel does not choose between them. */
    public static Bytes negatingS(Bytes raw) {
        var s = new BigInteger(1, raw.slice(32, 64).toByteArray());
        return Bytes.concat(raw.slice(0, 32), P256Key.number(P256Key.ORDER.subtract(s)));
    }
}
