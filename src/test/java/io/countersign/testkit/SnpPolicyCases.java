package io.countersign.testkit;

import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareReport;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.util.List;
import java.util.function.UnaryOperator;

/** Genuine reports of machines that nobody should trust with a secret: authenticity passes, the policy refuses. */
final class SnpPolicyCases {
    private static final SoftwareAmd MILAN = SoftwareAmds.of(Product.MILAN);

    private SnpPolicyCases() {}

    static List<SnpCase> all() {
        var rolledBack = new SnpTcb.Classic(2, 0, 5, 68, Bytes.zeros(4));
        var provisional = new SnpTcb.Classic(4, 0, 25, 220, Bytes.zeros(4));
        return List.of(
                refused("debug-allowed", "The host may read the guest's memory", r -> r.policyDebug(true)),
                refused(
                        "migration-agent-allowed",
                        "A migration agent may move the guest's state",
                        r -> r.policyMigrateMa(true)),
                refused(
                        "vmpl-host-requested",
                        "The host, not the guest, asked for this report (VMPL 0xffffffff)",
                        r -> r.vmpl(-1)),
                refused("vmpl-3", "The least privileged level asked for this report", r -> r.vmpl(3)),
                new SnpCase("rolled-back-tcb", "A TCB of 2022, reported honestly")
                        .report(r -> r.everyTcb(rolledBack)
                                .currentVersion(1, 49, 3)
                                .committedVersion(1, 49, 3)
                                .platformInfo(1))
                        .leaf(MILAN.vekDraft(VekKind.VCEK, rolledBack))
                        .refusedByPolicy(),
                new SnpCase(
                                "alias-check-not-done",
                                "ALIAS_CHECK_COMPLETE is 0: memory aliasing (BadRAM) is not excluded")
                        .report(r -> r.platformInfo(0x05))
                        .refusedByPolicy(),
                new SnpCase("provisional-firmware", "CURRENT_TCB is above COMMITTED_TCB: the host can still roll back")
                        .report(r -> r.currentTcb(provisional))
                        .genuine(),
                new SnpCase("launched-on-old-firmware", "LAUNCH_TCB is older than the TCB that is reported now")
                        .report(r -> r.launchTcb(rolledBack))
                        .refusedByPolicy());
    }

    private static SnpCase refused(String name, String what, UnaryOperator<SoftwareReport> how) {
        return new SnpCase(name, what).report(how).refusedByPolicy();
    }
}
