package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code snp.vek-matches-report}: what the certificate names is what the report says. AMD 57230, "VCEK Certificate". */
final class VekMatch {
    private static final String EXPECTED =
            "a VEK certificate for the report's SIGNING_KEY, product line, REPORTED_TCB and CHIP_ID";
    private static final Outcome VCEK_MATCHES = new Outcome.Passed(
            "The VCEK certificate is of the report's product line, REPORTED_TCB and CHIP_ID, and SIGNING_KEY is VCEK.");
    private static final Outcome VLEK_MATCHES = new Outcome.Passed(
            "The VLEK certificate is of the report's product line and REPORTED_TCB, and SIGNING_KEY is VLEK.");
    private static final String MASKED = "CHIP_ID is masked (all zero), so the VCEK's chip cannot be compared";

    private VekMatch() {}

    static Outcome judge(AttestationReport report, Vek vek, String hint) {
        var findings = new ArrayList<String>(vek.extensions().findings());
        kind(report, vek, findings);
        report.product()
                .filter(stated -> stated != vek.product())
                .ifPresent(stated -> findings.add("the report is of " + stated.kdsName() + ", the certificate of "
                        + vek.product().kdsName()));
        tcb(report, vek, findings);
        vek.extensions().hardwareId().ifPresent(id -> chip(report, vek.product(), id, findings));
        if (findings.isEmpty()) {
            return switch (vek.kind()) {
                case VCEK -> VCEK_MATCHES;
                case VLEK -> VLEK_MATCHES;
            };
        }
        return new Outcome.Failed(EXPECTED, String.join("; ", findings), report.chipIdMasked() ? unmask() : hint);
    }

    /** For a report signed by a VCEK whose chip nobody can ask for. */
    static Outcome noChipId() {
        return new Outcome.Failed(EXPECTED, MASKED + ", or it has no form that a product line uses", unmask());
    }

    private static String unmask() {
        return "Have the host switch MASK_CHIP_ID off, or have reports signed by a VLEK.";
    }

    private static void kind(AttestationReport report, Vek vek, List<String> findings) {
        Optional<VekKind> signer = report.keyInfo().vekKind();
        if (signer.isEmpty() || signer.get() != vek.kind()) {
            findings.add("SIGNING_KEY is " + signer.map(VekKind::name).orElse("none") + ", the certificate is a "
                    + vek.kind());
        }
    }

    private static void tcb(AttestationReport report, Vek vek, List<String> findings) {
        Optional<SnpTcb> certified = vek.extensions().tcb();
        if (certified.isEmpty()) {
            return; // what is missing stands in the findings already
        }
        SnpTcb reported = SnpTcb.decode(report.reportedTcb(), vek.product());
        if (!reported.equals(certified.get())) {
            findings.add("REPORTED_TCB is " + reported.text() + ", the certificate's is "
                    + certified.get().text());
        }
    }

    private static void chip(AttestationReport report, Product product, Bytes hardwareId, List<String> findings) {
        if (report.chipIdMasked()) {
            findings.add(MASKED);
            return;
        }
        // Turin's CHIP_ID is its 8 bytes and then zeros; the whole field is compared, never a prefix.
        if (!report.chipId().equals(hardwareId.zeroPaddedTo(report.chipId().length()))) {
            findings.add("CHIP_ID is " + report.chipId() + ", the certificate's chip of " + product.kdsName() + " is "
                    + hardwareId);
        }
    }
}
