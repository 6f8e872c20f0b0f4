package io.countersign.testkit;

import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.QuoteHeaderField;
import io.countersign.insecure.QuoteSection;
import io.countersign.insecure.SgxField;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Quotes whose structure is damaged, unknown, or read and refused. */
final class IntelFormatCases {
    private static final String FORMAT = "tdx.format";
    private static final String MALFORMED = "evidence-malformed";
    private static final String UNSUPPORTED = "evidence-unsupported";

    private IntelFormatCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(damaged());
        cases.addAll(truncated());
        cases.addAll(unknown());
        cases.addAll(refused());
        return cases;
    }

    private static List<IntelCase> damaged() {
        return List.of(
                section(
                        "section-length-4-gib",
                        "The signature section claims 0xFFFFFFFF bytes",
                        s -> s.sectionLength(_ -> 0xFFFFFFFFL)),
                section(
                        "section-length-2-gib",
                        "The signature section claims 0x80000000 bytes",
                        s -> s.sectionLength(_ -> 0x80000000L)),
                section("section-length-zero", "The signature section claims no byte", s -> s.sectionLength(_ -> 0)),
                section(
                        "section-length-one-more",
                        "The signature section claims one byte more than there is",
                        s -> s.sectionLength(n -> n + 1)),
                section(
                        "section-length-one-less",
                        "The signature section claims one byte less than it has",
                        s -> s.sectionLength(n -> n - 1)),
                section(
                        "container-size-4-gib",
                        "Certification data of type 6 claims 0xFFFFFFFF bytes",
                        s -> s.containerSize(_ -> 0xFFFFFFFFL)),
                section(
                        "container-size-one-more",
                        "Certification data of type 6 claims one byte more than there is",
                        s -> s.containerSize(n -> n + 1)),
                section(
                        "container-size-one-less",
                        "Certification data of type 6 claims one byte less than it has",
                        s -> s.containerSize(n -> n - 1)),
                section(
                        "certification-size-4-gib",
                        "The PCK chain claims 0xFFFFFFFF bytes",
                        s -> s.certificationSize(_ -> 0xFFFFFFFFL)),
                section(
                        "certification-size-one-more",
                        "The PCK chain claims one byte more than there is",
                        s -> s.certificationSize(n -> n + 1)),
                section(
                        "certification-size-one-less",
                        "The PCK chain claims one byte less than it has",
                        s -> s.certificationSize(n -> n - 1)),
                section(
                        "authentication-length-65535",
                        "The authentication data claim 65535 bytes",
                        s -> s.authenticationLength(_ -> 65535)),
                section(
                        "authentication-length-one-more",
                        "The authentication data claim one byte more than they have",
                        s -> s.authenticationLength(n -> n + 1)),
                section(
                        "slack-after-the-chain",
                        "Sixteen zeros follow the PCK chain inside the container",
                        s -> s.afterCertification(Bytes.zeros(16))),
                section(
                        "slack-after-the-container",
                        "Sixteen zeros follow the container inside the section",
                        s -> s.afterContainer(Bytes.zeros(16))),
                section(
                                "slack-after-the-chain",
                                "Sixteen zeros follow the PCK chain inside the section",
                                s -> s.afterCertification(Bytes.zeros(16)))
                        .sgx(),
                malformed("v5-body-size-too-small", "Version 5 announces a body of TDX 1.5 with 584 bytes")
                        .form(QuoteForm.TDX_15_V5)
                        .quote(q -> q.bodyDescriptor(3, 584)),
                malformed("v5-body-size-too-large", "Version 5 announces a body of TDX 1.0 with 648 bytes")
                        .form(QuoteForm.TDX_10_V5)
                        .quote(q -> q.bodyDescriptor(2, 648)),
                malformed("v5-body-size-4-gib", "Version 5 announces a body of 0xFFFFFFFF bytes")
                        .form(QuoteForm.TDX_15_V5)
                        .quote(q -> q.bodyDescriptor(3, 0xFFFFFFFFL)),
                malformed(
                                "v5-body-of-the-other-kind",
                                "Version 5 announces an enclave's body under the TEE type of a TD")
                        .form(QuoteForm.TDX_10_V5)
                        .quote(q -> q.bodyDescriptor(1, 384)));
    }

    /** By where they end: offsets of version 4 with a TD's body. */
    private static List<IntelCase> truncated() {
        var ends = List.of(
                Map.entry("in-the-header", 20),
                Map.entry("in-the-body", 400),
                Map.entry("after-the-body", 632),
                Map.entry("after-the-attestation-key", 764),
                Map.entry("in-the-qe-report", 1000),
                Map.entry("in-the-authentication-data", 1230),
                Map.entry("in-the-chain", 2000));
        var cases = new ArrayList<IntelCase>();
        ends.forEach(end -> cases.add(
                malformed("truncated-" + end.getKey(), "The quote ends after %d bytes".formatted(end.getValue()))
                        .recut(quote -> quote.slice(0, end.getValue()))));
        cases.add(malformed("one-byte-short", "The last byte of the quote is missing")
                .recut(quote -> quote.slice(0, quote.length() - 1)));
        return cases;
    }

    private static List<IntelCase> unknown() {
        var cases = new ArrayList<IntelCase>();
        for (int version : new int[] {0, 2, 6}) {
            cases.add(header(
                    "version-" + version,
                    "Quote version " + version,
                    QuoteHeaderField.VERSION,
                    "0%d00".formatted(version)));
        }
        cases.add(header(
                "key-type-p384",
                "The attestation key is announced as one of P-384",
                QuoteHeaderField.ATTESTATION_KEY_TYPE,
                "0300"));
        cases.add(header(
                "key-type-zero", "The attestation key's type is 0", QuoteHeaderField.ATTESTATION_KEY_TYPE, "0000"));
        cases.add(header("tee-type-80", "TEE type 0x80", QuoteHeaderField.TEE_TYPE, "80000000"));
        cases.add(header(
                "tee-type-181", "TEE type 0x181, whose last byte is a TD's", QuoteHeaderField.TEE_TYPE, "81010000"));
        cases.add(unsupported("enclave-sent-as-a-td", "An enclave's quote of version 4, sent as type tdx")
                .form(QuoteForm.SGX_V4)
                .sentAs("tdx"));
        cases.add(unsupported("v3-sent-as-a-td", "An enclave's quote of version 3, sent as type tdx")
                .sgx()
                .sentAs("tdx"));
        cases.add(unsupported("td-sent-as-an-enclave", "A TD's quote, sent as type sgx")
                .sentAs("sgx"));
        cases.add(unsupported("v5-body-type-4", "Version 5 with a body of type 4")
                .form(QuoteForm.TDX_15_V5)
                .quote(q -> q.bodyDescriptor(4, 648)));
        cases.add(unsupported("v5-body-type-0", "Version 5 with a body of type 0")
                .form(QuoteForm.TDX_10_V5)
                .quote(q -> q.bodyDescriptor(0, 584)));
        for (int type : new int[] {0, 1, 3, 4, 6, 7}) {
            cases.add(unsupported(
                            "certification-type-" + type,
                            "Certification data of type %d where type 5 was expected".formatted(type))
                    .quote(q -> q.section(s -> s.certificationType(type))));
        }
        cases.add(unsupported("container-type-5", "Certification data of type 5 where type 6 was expected")
                .quote(q -> q.section(s -> s.containerType(5))));
        cases.add(unsupported("certification-type-3", "PPID and SVNs in place of certificates")
                .sgx()
                .quote(q -> q.certification(3, Bytes.fromHex("ab".repeat(404)))));
        cases.add(unsupported("certification-type-6", "Version 3 with certification data of type 6")
                .sgx()
                .quote(q -> q.section(s -> s.certificationType(6))));
        return cases;
    }

    private static List<IntelCase> refused() {
        var cases = new ArrayList<>(List.of(
                fails("trailing-byte", "A byte that is not zero follows the quote")
                        .quote(q -> q.section(s -> s.trailing(Bytes.fromHex("01")))),
                fails("trailing-text", "Text follows the quote")
                        .quote(q -> q.section(s -> s.trailing(Bytes.utf8("this was not signed by anybody, was it?")))),
                fails("trailing-byte-after-zeros", "Zeros follow the quote, and after them a byte that is not zero")
                        .quote(q -> q.section(s -> s.trailing(Bytes.concat(Bytes.zeros(69), Bytes.fromHex("80"))))),
                fails("padded-beyond-16-kib", "Zeros make the quote a byte longer than 16 KiB")
                        .recut(quote -> quote.zeroPaddedTo(16 * 1024 + 1)),
                fails("qe-vendor-unknown", "The quoting enclave is not Intel's, says the header")
                        .quote(q -> q.header(QuoteHeaderField.QE_VENDOR_ID, Bytes.fromHex("01".repeat(16)))),
                fails("qe-vendor-zero", "The header names no vendor of the quoting enclave")
                        .quote(q -> q.header(QuoteHeaderField.QE_VENDOR_ID, Bytes.zeros(16))),
                fails("v3-reserved-set", "Version 3 with a bit set in the four reserved bytes of its header")
                        .sgx()
                        .quote(q -> q.header(QuoteHeaderField.TEE_TYPE, Bytes.fromHex("00000001"))),
                fails("header-reserved-set", "A bit of the header is set that has no meaning since version 4")
                        .quote(q -> q.header(QuoteHeaderField.PCE_SVN, Bytes.fromHex("0001"))),
                fails("init-off", "The enclave's report says that it was never initialised")
                        .sgx()
                        .quote(q -> q.enclave(SgxField.ATTRIBUTES, Bytes.fromHex("0400000000000000e700000000000000"))),
                fails("qe-init-off", "The quoting enclave's report says that it was never initialised")
                        .quote(q -> q.qe(SgxField.ATTRIBUTES, Bytes.fromHex("1400000000000000e700000000000000")))));
        for (SgxField field : SgxField.values()) {
            if (field.name().startsWith("RESERVED_")) {
                String after = field.name().substring("RESERVED_AFTER_".length());
                String word = after.toLowerCase(java.util.Locale.ROOT);
                Bytes set = Bytes.concat(Bytes.zeros(field.length() - 1), Bytes.fromHex("01"));
                cases.add(fails(
                                "qe-reserved-after-%s-set".formatted(word),
                                "The quoting enclave's report has a bit set in the reserved bytes after " + after)
                        .quote(q -> q.qe(field, set)));
                cases.add(fails(
                                "reserved-after-%s-set".formatted(word),
                                "The enclave's report has a bit set in the reserved bytes after " + after)
                        .sgx()
                        .quote(q -> q.enclave(field, set)));
            }
        }
        return cases;
    }

    private static IntelCase section(String name, String what, Consumer<QuoteSection> change) {
        return malformed(name, what).quote(q -> q.section(change));
    }

    private static IntelCase header(String name, String what, QuoteHeaderField field, String hex) {
        return unsupported(name, what).quote(q -> q.header(field, Bytes.fromHex(hex)));
    }

    private static IntelCase malformed(String name, String what) {
        return new IntelCase(name, what).problem(MALFORMED);
    }

    private static IntelCase unsupported(String name, String what) {
        return new IntelCase(name, what).problem(UNSUPPORTED);
    }

    private static IntelCase fails(String name, String what) {
        return new IntelCase(name, what).fails(FORMAT);
    }
}
