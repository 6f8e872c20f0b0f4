package io.countersign.testkit;

import io.countersign.insecure.AmdExtensions;
import io.countersign.insecure.AmdNames;
import io.countersign.insecure.Pem;
import io.countersign.insecure.ReportField;
import io.countersign.insecure.ReportKey;
import io.countersign.insecure.RsaSignature;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Evidence that must be found genuine: every product, kind and version, and every way of writing the same thing. */
final class SnpGoodCases {
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);
    private static final SoftwareAmd GENOA = SoftwareAmds.of(Product.GENOA);

    /** AMD 56421, certificate table: the GUIDs in the order of their text. */
    private static final String VCEK_GUID = "63da758de6644564adc5f4b93be8accd";

    private static final String VLEK_GUID = "a8074bc2a25a483eaae639c045a0b8a1";
    private static final String ASK_GUID = "4ab7b379bbac4fe4a02f05aef327c782";
    private static final String ARK_GUID = "c0b406a4a803495297433fb6014cd0ae";
    private static final String CRL_GUID = "92f81bc358114d3d97ffd19f88dc67ea";

    private SnpGoodCases() {}

    static List<SnpCase> all() {
        var oldTcb = new SnpTcb.Classic(4, 0, 24, 219, Bytes.zeros(4));
        var siena = new SnpTcb.Classic(10, 0, 23, 25, Bytes.zeros(4));
        var beginsWith04 = chip("0440");
        var beginsWith02 = chip("0201");
        return List.of(
                new SnpCase("milan-v2", "Milan, report version 2, which names no processor")
                        .report(r -> r.version(2))
                        .genuine(),
                new SnpCase("milan-v3", "Milan, report version 3, VCEK").good(),
                new SnpCase("milan-v4", "Milan, report version 4, which firmware knows and nobody has seen")
                        .report(r -> r.version(4))
                        .genuine(),
                new SnpCase("milan-v5", "Milan, report version 5 with mitigation vectors")
                        .report(r -> r.version(5))
                        .good(),
                new SnpCase("genoa-v3", "Genoa, report version 3, VCEK")
                        .by(Product.GENOA)
                        .good(),
                new SnpCase("genoa-v5-siena", "Genoa line, model A0h (Bergamo, Siena), report version 5")
                        .by(Product.GENOA)
                        .report(r -> r.version(5).cpuid(0x19, 0xA0, 2).everyTcb(siena))
                        .leaf(GENOA.vekDraft(VekKind.VCEK, siena))
                        .good(),
                new SnpCase("genoa-model-af", "Genoa line, the last model of the range A0h to AFh")
                        .by(Product.GENOA)
                        .report(r -> r.cpuid(0x19, 0xAF, 0))
                        .genuine(),
                new SnpCase("turin-v5", "Turin, report version 5: FMC in the TCB, 8 bytes of hwID")
                        .by(Product.TURIN)
                        .good(),
                new SnpCase("turin-v2", "Turin, report version 2: the chain alone tells the product")
                        .by(Product.TURIN)
                        .report(r -> r.version(2))
                        .genuine(),
                new SnpCase("milan-vlek", "Milan, VLEK, CHIP_ID all zero")
                        .vlek()
                        .good(),
                new SnpCase("genoa-vlek", "Genoa, VLEK")
                        .by(Product.GENOA)
                        .vlek()
                        .good(),
                new SnpCase("turin-vlek", "Turin, VLEK with fmcSPL")
                        .by(Product.TURIN)
                        .vlek()
                        .good(),
                new SnpCase("vlek-with-chip-id", "A VLEK's report may show the chip: the certificate does not bind it")
                        .vlek()
                        .report(r -> r.chipId(MILAN.chipId()))
                        .genuine(),
                new SnpCase(
                                "trailer-field-written",
                                "The VCEK spells out the default trailerField, as in 2022 and 2023")
                        .leaf(MILAN.vekDraft(VekKind.VCEK).signature(RsaSignature.AMD_TRAILER_WRITTEN))
                        .good(),
                new SnpCase("hwid-in-an-octet-string", "hwID wrapped as OCTET STRING, as AMD once announced it")
                        .leaf(MILAN.vekDraft(VekKind.VCEK)
                                .replacing(AmdNames.HARDWARE_ID, AmdExtensions.octets(MILAN.chipId())))
                        .good(),
                new SnpCase("hwid-begins-like-an-octet-string", "A raw hwID that begins with 04 40 is still raw")
                        .report(r -> r.chipId(beginsWith04))
                        .leaf(MILAN.vekDraft(VekKind.VCEK).replacing(AmdNames.HARDWARE_ID, beginsWith04))
                        .good(),
                new SnpCase("hwid-begins-like-an-integer", "A raw hwID that begins with 02 01 is still raw")
                        .report(r -> r.chipId(beginsWith02))
                        .leaf(MILAN.vekDraft(VekKind.VCEK).replacing(AmdNames.HARDWARE_ID, beginsWith02))
                        .good(),
                new SnpCase("certificate-in-der", "certificates is base64 of one DER certificate")
                        .certificates(SnpCase.base64(MILAN.vcek()))
                        .good(),
                new SnpCase(
                                "certificates-with-the-whole-chain",
                                "VCEK, ASK and ARK in PEM: the last two are the pinned ones")
                        .certificates(Pem.certificate(MILAN.vcek())
                                + Pem.certificate(MILAN.ask())
                                + Pem.certificate(MILAN.ark()))
                        .good(),
                new SnpCase("certificate-table", "certificates is the extended report's table: VCEK, ASK, ARK")
                        .certificates(SnpCase.base64(table(
                                entry(VCEK_GUID, MILAN.vcek()),
                                entry(ASK_GUID, MILAN.ask()),
                                entry(ARK_GUID, MILAN.ark()))))
                        .good(),
                new SnpCase("certificate-table-with-crl", "The table carries the revocation list, the request none")
                        .certificates(SnpCase.base64(
                                table(entry(VCEK_GUID, MILAN.vcek()), entry(CRL_GUID, MILAN.crl(VekKind.VCEK)))))
                        .withoutCrl()
                        .good(),
                new SnpCase("certificate-table-with-both-kinds", "VLEK and VCEK in the table: SIGNING_KEY chooses")
                        .certificates(
                                SnpCase.base64(table(entry(VLEK_GUID, MILAN.vlek()), entry(VCEK_GUID, MILAN.vcek()))))
                        .good(),
                new SnpCase("certificate-beside-the-evidence", "The VCEK stands in endorsements.amd.certificates")
                        .leafBeside(MILAN.vcek())
                        .good(),
                new SnpCase(
                                "vcek-reissued",
                                "AMD issues the same key again with another window: the bytes are not pinned")
                        .leaf(MILAN.vekDraft(VekKind.VCEK, oldTcb)
                                .validFrom(SoftwareAmds.AS_OF.minusSeconds(3600))
                                .validUntil(SoftwareAmds.AS_OF.plusSeconds(3600)))
                        .good(),
                new SnpCase(
                                "clock-skew-at-the-beginning",
                                "The VCEK begins 60 seconds from now: clocks may differ so much")
                        .leaf(MILAN.vekDraft(VekKind.VCEK).validFrom(SoftwareAmds.AS_OF.plusSeconds(60)))
                        .good(),
                new SnpCase("crl-revoking-another-serial", "The list revokes a serial that is not in this chain")
                        .crl(MILAN.crlDraft(VekKind.VCEK).revoking(0x10077))
                        .good(),
                new SnpCase(
                                "s-negated",
                                "ECDSA accepts (r, n - s) as well: no replay protection may rest on the signature")
                        .report(r -> r.changingS(s -> ReportKey.ORDER.subtract(s)))
                        .good(),
                new SnpCase(
                                "platform-info-unknown-bit",
                                "A PLATFORM_INFO bit that has no name yet is shown, not refused")
                        .report(r -> r.platformInfo(0x25 | 1L << 40))
                        .genuine(),
                new SnpCase("author-key-present", "AUTHOR_KEY_EN with an author key digest")
                        .report(r -> r.flags(1)
                                .idKeyDigest(Bytes.utf8("id key").sha384())
                                .authorKeyDigest(Bytes.utf8("author key").sha384()))
                        .genuine(),
                new SnpCase(
                                "migration-agent-bound",
                                "REPORT_ID_MA names an agent although the policy forbids migration")
                        .report(r -> r.field(
                                ReportField.REPORT_ID_MA,
                                Bytes.utf8("migration agent").sha256()))
                        .genuine());
    }

    private record Entry(Bytes guid, Bytes blob) {}

    private static Entry entry(String guid, Bytes blob) {
        return new Entry(Bytes.fromHex(guid), blob);
    }

    /** Entries of GUID, offset and length, an all-zero one, then the blobs. AMD 56421, section 4.1.8.1. */
    private static Bytes table(Entry... entries) {
        int offset = 24 * (entries.length + 1);
        Bytes head = Bytes.empty();
        Bytes blobs = Bytes.empty();
        for (Entry entry : entries) {
            var numbers = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            numbers.putInt(offset + blobs.length()).putInt(entry.blob.length());
            head = Bytes.concat(head, entry.guid, Bytes.copyOf(numbers.array()));
            blobs = Bytes.concat(blobs, entry.blob);
        }
        return Bytes.concat(head, Bytes.zeros(24), blobs);
    }

    private static Bytes chip(String prefix) {
        Bytes head = Bytes.fromHex(prefix);
        return Bytes.concat(head, MILAN.chipId().slice(head.length(), 64));
    }
}
