package io.countersign.testkit;

import io.countersign.insecure.AmdExtensions;
import io.countersign.insecure.AmdNames;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Leaves that AMD signed for another chip, TCB, product or kind, or whose extensions are not as AMD writes them. */
final class SnpMatchCases {
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);
    private static final SoftwareAmd GENOA = SoftwareAmds.of(Product.GENOA);
    private static final SoftwareAmd TURIN = SoftwareAmds.of(Product.TURIN);

    private SnpMatchCases() {}

    static List<SnpCase> all() {
        var cases = new ArrayList<SnpCase>();
        cases.addAll(tcb());
        cases.addAll(encodings());
        cases.addAll(chip());
        cases.addAll(product());
        return cases;
    }

    private static List<SnpCase> tcb() {
        var cases = new ArrayList<SnpCase>();
        Map.of(
                        "bootloader", AmdNames.BOOTLOADER,
                        "tee", AmdNames.TEE,
                        "snp", AmdNames.SNP,
                        "microcode", AmdNames.MICROCODE)
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(level -> {
                    cases.add(fails(
                            "tcb-extension-missing-" + level.getKey(),
                            "The VCEK lacks its " + level.getKey() + " level",
                            leaf().without(level.getValue())));
                    cases.add(fails(
                            "tcb-extension-differs-" + level.getKey(),
                            "The VCEK's " + level.getKey() + " level is not REPORTED_TCB's",
                            leaf().replacing(level.getValue(), AmdExtensions.integer(99))));
                });
        cases.add(fails(
                "tcb-extensions-missing",
                "The VCEK has no TCB level at all",
                leaf().without(AmdNames.BOOTLOADER)
                        .without(AmdNames.TEE)
                        .without(AmdNames.SNP)
                        .without(AmdNames.MICROCODE)));
        cases.add(fails(
                "vcek-for-a-higher-tcb",
                "A VCEK of this chip for a TCB that the platform does not report; AMD issues them for any TCB",
                MILAN.vekDraft(VekKind.VCEK, new SnpTcb.Classic(4, 0, 25, 219, Bytes.zeros(4)))));
        cases.add(fails(
                "vcek-for-a-lower-tcb",
                "A VCEK of this chip for an older TCB",
                MILAN.vekDraft(VekKind.VCEK, new SnpTcb.Classic(3, 0, 8, 115, Bytes.zeros(4)))));
        cases.add(new SnpCase("vlek-for-another-tcb", "A VLEK of an earlier generation")
                .vlek()
                .leaf(MILAN.vekDraft(VekKind.VLEK, new SnpTcb.Classic(3, 0, 10, 115, Bytes.zeros(4))))
                .fails("snp.vek-matches-report", "snp.format", "snp.binding"));
        cases.add(turin(
                "turin-fmc-missing",
                "Turin's VCEK without fmcSPL",
                TURIN.vekDraft(VekKind.VCEK).without(AmdNames.FMC)));
        cases.add(turin(
                "turin-fmc-differs",
                "Turin's VCEK with another fmcSPL",
                TURIN.vekDraft(VekKind.VCEK).replacing(AmdNames.FMC, AmdExtensions.integer(2))));
        cases.add(turin(
                "turin-tcb-in-the-classic-layout",
                "Turin's REPORTED_TCB read with Milan's layout gives the levels of this VCEK",
                TURIN.vekDraft(VekKind.VCEK, new SnpTcb.WithFmc(0, 1, 1, 0, 81, Bytes.zeros(3)))));
        return cases;
    }

    private static List<SnpCase> encodings() {
        return List.of(
                encoding("not-minimal", "teeSPL 0 as 02 02 00 00", AmdNames.TEE, "02020000"),
                encoding("negative", "ucodeSPL 219 as 02 01 DB, which is -37", AmdNames.MICROCODE, "0201db"),
                encoding("above-255", "ucodeSPL 475, whose last byte is 219", AmdNames.MICROCODE, "020201db"),
                encoding("without-its-leading-zero", "ucodeSPL as 04 01 DB", AmdNames.MICROCODE, "0401db"),
                encoding("raw", "blSPL as the bare byte 04", AmdNames.BOOTLOADER, "04"),
                encoding("followed-by-a-byte", "blSPL as 02 01 04 00", AmdNames.BOOTLOADER, "02010400"),
                encoding("empty", "blSPL with an empty value", AmdNames.BOOTLOADER, ""),
                encoding("wrapped", "blSPL as INTEGER in an OCTET STRING", AmdNames.BOOTLOADER, "0403020104"),
                new SnpCase("tcb-extension-twice", "The VCEK holds blSPL twice")
                        .leafBeside(leaf().twice(AmdNames.BOOTLOADER).der())
                        .fails("snp.vek-chain", "snp.format", "snp.binding"),
                new SnpCase("tcb-extension-twice-and-different", "The VCEK holds blSPL 4 and blSPL 9")
                        .leafBeside(leaf().with(AmdNames.BOOTLOADER, AmdExtensions.integer(9))
                                .der())
                        .fails("snp.vek-chain", "snp.format", "snp.binding"));
    }

    private static List<SnpCase> chip() {
        Bytes another = Bytes.utf8("another chip").sha512();
        return List.of(
                fails(
                        "hwid-of-another-chip",
                        "A VCEK of another chip at the same TCB",
                        leaf().replacing(AmdNames.HARDWARE_ID, another)),
                fails("hwid-missing", "A VCEK without hwID", leaf().without(AmdNames.HARDWARE_ID)),
                fails(
                        "hwid-of-8-bytes-on-milan",
                        "hwID holds only the first 8 bytes of CHIP_ID",
                        leaf().replacing(AmdNames.HARDWARE_ID, MILAN.chipId().slice(0, 8))),
                fails("hwid-empty", "hwID is empty", leaf().replacing(AmdNames.HARDWARE_ID, Bytes.empty())),
                fails(
                        "hwid-one-byte-longer",
                        "hwID is CHIP_ID and one byte more",
                        leaf().replacing(AmdNames.HARDWARE_ID, Bytes.concat(MILAN.chipId(), Bytes.zeros(1)))),
                fails(
                        "vcek-with-csp-id",
                        "A VCEK with hwID and cspID both",
                        leaf().with(AmdNames.CSP_ID, AmdExtensions.text("CN=laboratory.invalid"))),
                new SnpCase("vlek-without-csp-id", "A VLEK without cspID")
                        .vlek()
                        .leaf(MILAN.vekDraft(VekKind.VLEK).without(AmdNames.CSP_ID))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                new SnpCase("vlek-with-hwid", "A VLEK with hwID")
                        .vlek()
                        .leaf(MILAN.vekDraft(VekKind.VLEK).with(AmdNames.HARDWARE_ID, MILAN.chipId()))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                turin(
                        "turin-hwid-of-64-bytes",
                        "Turin's VCEK with an hwID of 64 bytes",
                        TURIN.vekDraft(VekKind.VCEK).replacing(AmdNames.HARDWARE_ID, TURIN.chipId())),
                turin(
                        "turin-hwid-of-another-chip",
                        "Turin's VCEK of another chip",
                        TURIN.vekDraft(VekKind.VCEK).replacing(AmdNames.HARDWARE_ID, another.slice(0, 8))),
                new SnpCase("turin-chip-id-tail-set", "Turin's CHIP_ID holds something after its 8 bytes")
                        .by(TURIN)
                        .report(r -> r.chipId(
                                Bytes.concat(TURIN.chipId().slice(0, 8), Bytes.fromHex("01"), Bytes.zeros(55))))
                        .fails("snp.vek-matches-report", "snp.binding"),
                new SnpCase("chip-id-masked", "The host masks CHIP_ID: no certificate can be compared with it")
                        .report(r -> r.chipId(Bytes.zeros(64)))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"));
    }

    private static List<SnpCase> product() {
        return List.of(
                new SnpCase("product-spoofed-in-the-report", "The report names a Genoa processor, the chain is Milan's")
                        .report(r -> r.cpuid(0x19, 0x11, 1))
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"),
                fails(
                        "product-name-of-another-line",
                        "productName says Genoa in a certificate of Milan's ASK",
                        leaf().replacing(AmdNames.PRODUCT_NAME, AmdExtensions.text("Genoa"))),
                fails(
                        "product-name-beginning-like-it",
                        "productName says MilanX, which only begins like Milan",
                        leaf().replacing(AmdNames.PRODUCT_NAME, AmdExtensions.text("MilanX"))),
                fails("product-name-missing", "A VCEK without productName", leaf().without(AmdNames.PRODUCT_NAME)),
                fails(
                        "struct-version-of-turin-on-milan",
                        "structVersion 1 in Milan's VCEK",
                        leaf().replacing(AmdNames.STRUCT_VERSION, AmdExtensions.integer(1))),
                turin(
                        "struct-version-of-milan-on-turin",
                        "structVersion 0 in Turin's VCEK",
                        TURIN.vekDraft(VekKind.VCEK).replacing(AmdNames.STRUCT_VERSION, AmdExtensions.integer(0))),
                fails(
                        "struct-version-missing",
                        "A VCEK without structVersion",
                        leaf().without(AmdNames.STRUCT_VERSION)),
                new SnpCase("genoa-vcek-for-a-milan-report", "A complete Genoa VCEK beside a Milan report")
                        .leaf(GENOA.vcek())
                        .fails("snp.vek-matches-report", "snp.format", "snp.binding"));
    }

    private static SnpCase fails(String name, String what, SoftwareCertificate leaf) {
        return new SnpCase(name, what).leaf(leaf).fails("snp.vek-matches-report", "snp.format", "snp.binding");
    }

    private static SnpCase turin(String name, String what, SoftwareCertificate leaf) {
        return new SnpCase(name, what)
                .by(TURIN)
                .leaf(leaf)
                .fails("snp.vek-matches-report", "snp.format", "snp.binding");
    }

    private static SnpCase encoding(String name, String what, String oid, String hex) {
        return fails("tcb-extension-" + name, what, leaf().replacing(oid, Bytes.fromHex(hex)));
    }

    private static SoftwareCertificate leaf() {
        return MILAN.vekDraft(VekKind.VCEK);
    }
}
