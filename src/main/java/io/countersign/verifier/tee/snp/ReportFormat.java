package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code snp.format}: what parses and is refused all the same, because its meaning is not one that AMD has published. */
final class ReportFormat {
    private static final HexFormat HEX = HexFormat.of();
    private static final Outcome PASSED =
            new Outcome.Passed("Every reserved range is zero and every field holds a value that AMD defines.");
    private static final long ECDSA_P384_SHA384 = 1;

    private ReportFormat() {}

    static Outcome judge(AttestationReport report, Optional<Product> product) {
        List<String> findings = findings(report, product);
        return findings.isEmpty()
                ? PASSED
                : new Outcome.Failed(
                        "only values that AMD 56860 defines for version " + report.version(),
                        String.join("; ", findings),
                        "Send the 1184 bytes of the report exactly as the firmware returned them; if they are, this"
                                + " firmware uses something that is not supported yet.");
    }

    /** Every finding, so that all can be repaired in one round. */
    static List<String> findings(AttestationReport report, Optional<Product> product) {
        var findings = new ArrayList<String>();
        policy(report.policy(), findings);
        if (report.signatureAlgo() != ECDSA_P384_SHA384) {
            findings.add("SIGNATURE_ALGO is " + report.signatureAlgo() + ", not 1 (ECDSA P-384 with SHA-384)");
        }
        keyInfo(report.keyInfo(), findings);
        reserved(report, findings);
        tcbs(report, product, findings);
        signature(report, findings);
        return findings;
    }

    private static void policy(GuestPolicy policy, List<String> findings) {
        if (!policy.reservedOne()) {
            findings.add("POLICY bit 17 is 0 and must be 1");
        }
        if (policy.reservedBits() != 0) {
            findings.add("POLICY has reserved bits set: " + HEX.toHexDigits(policy.reservedBits()));
        }
    }

    private static void keyInfo(KeyInfo keyInfo, List<String> findings) {
        if (keyInfo.vekKind().isEmpty()) {
            findings.add("SIGNING_KEY is " + keyInfo.signingKey() + ", not 0 (VCEK) or 1 (VLEK)");
        }
        if (keyInfo.maskChipKey()) {
            findings.add("MASK_CHIP_KEY is 1: the firmware did not sign this report");
        }
        if (keyInfo.reservedBits() != 0) {
            findings.add("bits 31:5 at 0x048 are reserved and set: " + HEX.toHexDigits(keyInfo.raw(), 8));
        }
    }

    private static void reserved(AttestationReport report, List<String> findings) {
        if (report.reservedAt04C() != 0) {
            findings.add("reserved bytes at 0x04c are not zero");
        }
        if (!report.statesCpuId() && !report.cpuId().isAllZero()) {
            findings.add("bytes at 0x188 are reserved in version 2 and not zero");
        }
        if (!report.reservedAt18B().isAllZero()) {
            findings.add("reserved bytes at 0x18b are not zero");
        }
        if ((report.currentVersion().reserved() | report.committedVersion().reserved()) != 0) {
            findings.add("reserved byte at 0x1eb or 0x1ef is not zero");
        }
        if (report.version() < 5 && (report.launchMitVector() | report.currentMitVector()) != 0) {
            findings.add("bytes at 0x1f8 are reserved before version 5 and not zero");
        }
        if (!report.reservedAt208().isAllZero()) {
            findings.add("reserved bytes at 0x208 are not zero");
        }
    }

    private static void tcbs(AttestationReport report, Optional<Product> product, List<String> findings) {
        reservedTcb("CURRENT_TCB", report.currentTcb(), product, findings);
        reservedTcb("REPORTED_TCB", report.reportedTcb(), product, findings);
        reservedTcb("COMMITTED_TCB", report.committedTcb(), product, findings);
        reservedTcb("LAUNCH_TCB", report.launchTcb(), product, findings);
        if (!everyByteAtMost(report.reportedTcb(), report.currentTcb())) {
            findings.add("REPORTED_TCB " + report.reportedTcb() + " is not at most CURRENT_TCB " + report.currentTcb());
        }
    }

    private static void reservedTcb(String name, Bytes raw, Optional<Product> product, List<String> findings) {
        boolean zero =
                switch (product.orElse(null)) {
                    case MILAN, GENOA -> raw.slice(2, 6).isAllZero();
                    case TURIN -> raw.slice(4, 7).isAllZero();
                    // Bytes 4 and 5 are reserved in both layouts; the others wait for the chain to name the product.
                    case null -> raw.slice(4, 6).isAllZero();
                };
        if (!zero) {
            findings.add(name + " " + raw + " has reserved bytes that are not zero");
        }
    }

    /** Each level is one byte in every layout, so the order of TCBs needs no product. */
    private static boolean everyByteAtMost(Bytes lower, Bytes upper) {
        for (int i = 0; i < lower.length(); i++) {
            if (lower.u8(i) > upper.u8(i)) {
                return false;
            }
        }
        return true;
    }

    private static void signature(AttestationReport report, List<String> findings) {
        if (!report.signatureR().slice(48, 72).isAllZero()
                || !report.signatureS().slice(48, 72).isAllZero()) {
            findings.add("R or S of the signature is longer than 48 bytes");
        }
        // Unsigned and unused: whoever passes the report on could write here.
        if (!report.afterSignature().isAllZero()) {
            findings.add("bytes after the signature, from 0x330, are not zero");
        }
    }
}
