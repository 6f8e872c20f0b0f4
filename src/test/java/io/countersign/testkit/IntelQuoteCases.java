package io.countersign.testkit;

import io.countersign.insecure.P256Key;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.QuotePart;
import io.countersign.insecure.SgxField;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.TdField;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Quotes that nobody signed, quoting enclaves that nobody vouches for, report data that answer another question. */
final class IntelQuoteCases {
    private static final String SIGNATURE = "tdx.quote-signature";
    private static final String QE = "tdx.qe-report";
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final P256Key NOBODY = SoftwareIntels.key("nobody");
    private static final Bytes ORDER = P256Key.number(P256Key.ORDER);

    /** What the owner of no key can write in place of r and s. */
    private static final Map<String, UnaryOperator<Bytes>> FORGED = new TreeMap<>(Map.of(
            "zero", _ -> Bytes.zeros(64),
            "r-zero", raw -> Bytes.concat(Bytes.zeros(32), raw.slice(32, 64)),
            "s-zero", raw -> Bytes.concat(raw.slice(0, 32), Bytes.zeros(32)),
            "r-is-the-order", raw -> Bytes.concat(ORDER, raw.slice(32, 64)),
            "s-is-the-order", raw -> Bytes.concat(raw.slice(0, 32), ORDER),
            "all-ones", _ -> Bytes.fromHex("ff".repeat(64)),
            "in-der", raw -> P256Key.derSignature(raw).slice(0, 64),
            "in-little-endian",
                    raw -> Bytes.concat(
                            raw.slice(0, 32).reversed(), raw.slice(32, 64).reversed()),
            "r-and-s-swapped", raw -> Bytes.concat(raw.slice(32, 64), raw.slice(0, 32)),
            "last-bit-flipped", raw -> flipped(raw, 63)));

    private IntelQuoteCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        FORGED.forEach((name, change) -> {
            cases.add(unsigned("signature-" + name, "The quote's signature: " + name.replace('-', ' '))
                    .quote(q -> q.signature(change)));
        });
        for (String name : List.of("zero", "s-is-the-order", "in-der", "last-bit-flipped")) {
            cases.add(unvouched("qe-signature-" + name, "The QE report's signature: " + name.replace('-', ' '))
                    .quote(q -> q.qeSignature(Objects.requireNonNull(FORGED.get(name)))));
        }
        cases.addAll(altered());
        cases.addAll(keys());
        cases.addAll(quotingEnclaves());
        cases.addAll(bindings());
        return cases;
    }

    private static List<IntelCase> altered() {
        return List.of(
                altered("user-data-altered", "A byte of the header is changed after signing", QuotePart.HEADER, 28),
                altered(
                        "tee-tcb-svn-raised",
                        "TEE_TCB_SVN is changed after signing",
                        QuotePart.BODY,
                        TdField.TEE_TCB_SVN.offset()),
                altered(
                        "td-attributes-altered",
                        "TDATTRIBUTES are changed after signing",
                        QuotePart.BODY,
                        TdField.TDATTRIBUTES.offset() + 7),
                altered("mrtd-altered", "MRTD is changed after signing", QuotePart.BODY, TdField.MRTD.offset()),
                altered("rtmr3-altered", "RTMR3 is changed after signing", QuotePart.BODY, TdField.RTMR3.offset() + 47),
                altered(
                                "mrservicetd-altered",
                                "The last byte of the body of TDX 1.5 is changed after signing",
                                QuotePart.BODY,
                                647)
                        .form(QuoteForm.TDX_15_V5),
                altered(
                                "mrenclave-altered",
                                "MRENCLAVE is changed after signing",
                                QuotePart.BODY,
                                SgxField.MRENCLAVE.offset())
                        .sgx(),
                unsigned("debug-bit-cleared-after-signing", "The TD can be debugged; the bit is cleared after signing")
                        .quote(q -> q.tdAttributes(0)
                                .patchAfterSigning(QuotePart.BODY, TdField.TDATTRIBUTES.offset(), Bytes.zeros(1))),
                unsigned(
                                "debug-bit-cleared-after-signing",
                                "The enclave can be debugged; the bit is cleared after signing")
                        .sgx()
                        .quote(q -> q.enclave(SgxField.ATTRIBUTES, Bytes.fromHex("0700000000000000e700000000000000"))
                                .patchAfterSigning(QuotePart.BODY, SgxField.ATTRIBUTES.offset(), Bytes.fromHex("05"))));
    }

    private static List<IntelCase> keys() {
        Bytes own = INTEL.keys().attestation().point();
        return List.of(
                unsigned("signed-by-another-key", "The quoting enclave vouches for its key; another one signed")
                        .quote(q -> q.attestationKey(NOBODY).shownKey(own)),
                unsigned("attestation-key-off-the-curve", "The quoting enclave vouches for a point off the curve")
                        .quote(q -> q.shownKey(flipped(own, 63))),
                unsigned("attestation-key-zero", "The quoting enclave vouches for 64 zeros")
                        .quote(q -> q.shownKey(Bytes.zeros(64))),
                unsigned("attestation-key-all-ones", "The attestation key's coordinates are above the field's prime")
                        .quote(q -> q.shownKey(Bytes.fromHex("ff".repeat(64)))),
                unsigned("attestation-key-in-little-endian", "The attestation key's coordinates are turned around")
                        .quote(q -> q.shownKey(Bytes.concat(
                                own.slice(0, 32).reversed(), own.slice(32, 64).reversed()))),
                unsigned("signature-of-another-quote", "The signature was made over another quote of the same key")
                        .quote(q -> q.signature(_ -> INTEL.keys().attestation().signRaw(Bytes.utf8("another quote")))),
                unvouched(
                                "attestation-key-of-nobody",
                                "A key of one's own signs the quote; the QE report is another key's")
                        .quote(q -> q.attestationKey(NOBODY).qe(SgxField.REPORTDATA, vouched(own)))
                        .also(SIGNATURE, "passed"));
    }

    private static List<IntelCase> quotingEnclaves() {
        Bytes own = INTEL.keys().attestation().point();
        Bytes usual = vouched(own);
        return List.of(
                qeAltered(
                        "qe-report-altered",
                        "MRENCLAVE of the QE report is changed after signing",
                        SgxField.MRENCLAVE.offset()),
                qeAltered(
                        "qe-isvsvn-raised",
                        "ISVSVN of the QE report is changed after signing",
                        SgxField.ISVSVN.offset()),
                qeAltered(
                        "qe-report-last-byte-altered", "The last byte of the QE report is changed after signing", 383),
                unvouched("qe-report-signed-by-nobody", "A key of nobody signed the QE report")
                        .quote(q -> q.qeReportSignedBy(NOBODY)),
                unvouched(
                                "qe-report-signed-by-the-other-pck",
                                "The key of the Processor CA's leaf signed; the chain is the Platform CA's")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().processorPck())),
                unvouched("qe-report-signed-by-the-pck-ca", "The PCK authority's key signed the QE report")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().platformCa())),
                unvouched(
                                "qe-report-signed-by-the-attestation-key",
                                "The attestation key signed the report that vouches for it")
                        .quote(q -> q.qeReportSignedBy(INTEL.keys().attestation())),
                reportData(
                        "qe-report-of-another-quote",
                        "The QE report is genuine and vouches for another key",
                        vouched(NOBODY.point())),
                reportData(
                        "qe-report-data-without-authentication-data",
                        "The QE report holds the hash of the key alone",
                        own.sha256().zeroPaddedTo(64)),
                reportData("qe-report-data-zero", "The QE report holds no hash", Bytes.zeros(64)),
                reportData(
                        "qe-report-data-in-the-second-half",
                        "The hash stands in the second half of the QE report's data",
                        Bytes.concat(Bytes.zeros(32), usual.slice(0, 32))),
                reportData(
                        "qe-report-data-tail-set",
                        "The QE report holds the right hash and after it a byte that is not zero",
                        Bytes.concat(usual.slice(0, 63), Bytes.fromHex("01"))),
                unvouched("authentication-data-altered", "The authentication data are changed after signing")
                        .quote(q -> q.patchAfterSigning(QuotePart.AUTHENTICATION_DATA, 0, Bytes.fromHex("ff"))),
                unvouched(
                                "authentication-data-removed",
                                "The authentication data are left out after the QE report was made")
                        .quote(q -> q.qe(SgxField.REPORTDATA, usual).authenticationData(Bytes.empty())),
                new IntelCase("qe-debug", "The quoting enclave can be debugged")
                        .quote(q -> q.qe(SgxField.ATTRIBUTES, Bytes.fromHex("1700000000000000e700000000000000")))
                        .fails(QE, "tdx.format", SIGNATURE, "tdx.pck-chain", "tdx.binding"),
                new IntelCase("qe-debug", "The quoting enclave can be debugged")
                        .sgx()
                        .quote(q -> q.qe(SgxField.ATTRIBUTES, Bytes.fromHex("1700000000000000e700000000000000")))
                        .fails(QE, "tdx.format", SIGNATURE, "tdx.pck-chain", "tdx.binding"));
    }

    private static List<IntelCase> bindings() {
        return List.of(
                unbound("report-data-zero", "Report data are zero", Bytes.zeros(64)),
                unbound(
                        "report-data-is-the-bare-nonce",
                        "Report data are the nonce itself",
                        nonce("report-data-is-the-bare-nonce").zeroPaddedTo(64)),
                unbound("report-data-of-another-nonce", "Report data answer another nonce", answer(nonce("another"))),
                unbound(
                        "report-data-right-in-its-first-half",
                        "Only the first half of the report data is right",
                        answer(nonce("report-data-right-in-its-first-half"))
                                .slice(0, 32)
                                .zeroPaddedTo(64)),
                unbound(
                        "report-data-right-but-for-its-last-bit",
                        "The last bit of the report data is flipped",
                        flipped(answer(nonce("report-data-right-but-for-its-last-bit")), 63)),
                new IntelCase("report-data-of-another-nonce", "Report data answer another nonce")
                        .sgx()
                        .reportData(answer(nonce("another")))
                        .onlyFails("tdx.binding"));
    }

    private static IntelCase unbound(String name, String what, Bytes reportData) {
        return new IntelCase(name, what).reportData(reportData).onlyFails("tdx.binding");
    }

    private static IntelCase reportData(String name, String what, Bytes value) {
        return unvouched(name, what)
                .quote(q -> q.qe(SgxField.REPORTDATA, value))
                .also(SIGNATURE, "passed");
    }

    private static IntelCase altered(String name, String what, QuotePart part, int offset) {
        return unsigned(name, what).quote(q -> q.patchAfterSigning(part, offset, Bytes.fromHex("a7")));
    }

    private static IntelCase qeAltered(String name, String what, int offset) {
        return unvouched(name, what).quote(q -> q.patchAfterSigning(QuotePart.QE_REPORT, offset, Bytes.fromHex("a7")));
    }

    private static IntelCase unsigned(String name, String what) {
        return new IntelCase(name, what).onlyFails(SIGNATURE);
    }

    private static IntelCase unvouched(String name, String what) {
        return new IntelCase(name, what).fails(QE, "tdx.format", "tdx.pck-chain", "tdx.binding");
    }

    /** What the QE report holds for a key and the usual authentication data. */
    private static Bytes vouched(Bytes key) {
        Bytes usual = Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        return Bytes.concat(key, usual).sha256().zeroPaddedTo(64);
    }

    private static Bytes nonce(String name) {
        return Bytes.utf8("countersign fixture intel-tdx/" + name).sha256();
    }

    private static Bytes answer(Bytes nonce) {
        return Bytes.copyOf(BindingArithmetic.reportData(nonce.toByteArray(), new byte[0], List.of()));
    }

    static Bytes flipped(Bytes bytes, int index) {
        byte[] changed = bytes.toByteArray();
        changed[index] ^= 1;
        return Bytes.copyOf(changed);
    }
}
