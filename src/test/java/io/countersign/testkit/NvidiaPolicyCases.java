package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaOpaque;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.NvidiaRimPki;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.NvidiaRequest.Cpu;
import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An SEV-SNP guest and one GPU, both genuine: what the shipped policies for GPUs say, and what a draft may say in their place. */
final class NvidiaPolicyCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final NvidiaRimPki PKI = NVIDIA.rims(NvidiaArchitecture.HOPPER);
    private static final NvidiaBoard H200 = board("0280", "895", "00800300");
    private static final Instant A_DAY_AND_AN_HOUR_AGO = SoftwareAmds.AS_OF.minus(Duration.ofHours(25));

    private static final String IS_H100 = "GPU is an H100";
    private static final String REGION = "compute protected region is that of this board";
    private static final String NO_DEVTOOLS = "measurements do not look like developer-tools mode";
    private static final String SIGNED_MODE = "GPU signed the mode it is in";
    private static final String REVOCATION = "gpu.revocation";

    private NvidiaPolicyCases() {}

    static List<NvidiaCase> all() {
        return Stream.of(boards(), modes(), tolerances(), manifests())
                .flatMap(List::stream)
                .toList();
    }

    private static List<NvidiaCase> boards() {
        return List.of(
                loose("region-not-on-the-list", "An H100 whose protected region no genuine report shows")
                        .gpu(NVIDIA.h100("fixture").with(board("0200", "885", "00800300")))
                        .rule(REGION, "failed")
                        .rule(IS_H100, "passed")
                        .refused(),
                loose("board-unknown", "A GH100 on a board that nobody has named")
                        .gpu(NVIDIA.h100("fixture").with(board("0299", "885", "00c00100")))
                        .rule(REGION, "failed")
                        .rule(IS_H100, "undetermined")
                        .refused(),
                loose("h200", "An H200, which the policy was not made for")
                        .gpu(NVIDIA.h100("fixture").with(H200))
                        .claim("model", "H200")
                        .rule(REGION, "passed")
                        .rule(IS_H100, "failed")
                        .refused(),
                bound("h200-admitted-by-a-draft", "The same under a policy that admits it")
                        .gpu(NVIDIA.h100("fixture").with(H200))
                        .draft(NvidiaDrafts.admitting("H100", "H200"))
                        .claim("model", "H200")
                        .rule("GPU is of an admitted model", "passed")
                        .affirmed());
    }

    private static List<NvidiaCase> modes() {
        return List.of(
                loose(
                                "devtools",
                                "Register 9, which covers the stored mode, is not NVIDIA's: perhaps developer-tools mode")
                        .report(r -> r.measured(9, Bytes.fromHex("5a".repeat(48))))
                        .also("gpu.measurements", "failed")
                        .claim("devtools_index", "differs")
                        .rule(NO_DEVTOOLS, "failed")
                        .refused(),
                loose(
                                "mode-register-without-golden-value",
                                "The VBIOS' RIM has no value for register 9, so that nothing speaks against developer-tools mode")
                        .rim(withoutModeRegister(SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100)))
                        .claim("cc_mode", "on")
                        .claim("cc_mode_strength", "signed")
                        .claim("devtools_index", "not-compared")
                        .rule(NO_DEVTOOLS, "failed")
                        .refused(),
                loose(
                                "devtools-beside-a-rim-without-its-register",
                                "Register 9 is not NVIDIA's, and a newer issue of the VBIOS' RIM has no value for it")
                        .report(r -> r.measured(9, Bytes.fromHex("5a".repeat(48))))
                        .rim(
                                again().id(),
                                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).xml(),
                                withoutModeRegister(again()).xml())
                        .answering(NvidiaPolicyCases::andOfLaterSigner)
                        .claim("vbios_rim.issue", "newest")
                        .claim("devtools_index", "not-compared")
                        .rule(NO_DEVTOOLS, "failed")
                        .refused(),
                loose("mode-inferred", "A driver that signs no mode")
                        .report(NvidiaPolicyCases::withoutFlag)
                        .claim("cc_mode", "on")
                        .claim("cc_mode_strength", "inferred")
                        .affirmed(),
                bound("mode-inferred-and-refused", "The same under the policy that wants the mode signed")
                        .policy("confidential-gpu-strict")
                        .report(NvidiaPolicyCases::withoutFlag)
                        .claim("cc_mode_strength", "inferred")
                        .rule(SIGNED_MODE, "failed")
                        .refused(),
                loose("gpu-beside-a-debugged-guest", "The GPU is good, and the host may read the guest's memory")
                        .snpReport(r -> r.policyDebug(true))
                        .rule("guest cannot be debugged", "failed")
                        .refused());
    }

    private static List<NvidiaCase> tolerances() {
        return List.of(
                loose("gpu-without-fwid", "A driver so old that it reports no FWID")
                        .report(r -> r.withoutOpaque(NvidiaOpaque.FWID))
                        .undetermined("gpu.fwid")
                        .refused(),
                bound("gpu-without-fwid-waived", "The same under a policy that waives it")
                        .draft(NvidiaDrafts.tolerating("""
                                  waive:
                                    - check: gpu.fwid
                                      for: nvidia-gpu
                                      because: Drivers before 550 are replaced until the end of the year.
                                """))
                        .report(r -> r.withoutOpaque(NvidiaOpaque.FWID))
                        .also("gpu.fwid", "waived")
                        .affirmed(),
                loose("rim-signer-on-hold", "NVIDIA put the signer of the RIMs on hold")
                        .answering(onHold())
                        .fails(REVOCATION)
                        .also("composite.devices-distinct", "undetermined")
                        .also("composite.topology", "undetermined")
                        .refused(),
                bound("rim-signer-on-hold-tolerated", "The same under a policy that tolerates it")
                        .draft(NvidiaDrafts.tolerating("  certificate-hold: { because: NVIDIA is replacing it. }\n"))
                        .answering(onHold())
                        .also(REVOCATION, "waived")
                        .affirmed(),
                bound("boot-rom-on-hold-not-tolerated", "The GPU itself is on hold, which that policy cannot tolerate")
                        .draft(NvidiaDrafts.tolerating("  certificate-hold: { because: NVIDIA is replacing it. }\n"))
                        .answering(answer(0, answer -> answer.revoked(6)))
                        .fails(REVOCATION)
                        .also("composite.devices-distinct", "undetermined")
                        .also("composite.topology", "undetermined")
                        .refused(),
                loose("answer-of-yesterday", "An answer of 25 hours ago that itself wants to count for a week")
                        .answering(answer(0, NvidiaPolicyCases::ofYesterday))
                        .fails(REVOCATION)
                        .also("composite.devices-distinct", "undetermined")
                        .also("composite.topology", "undetermined")
                        .refused(),
                bound("answer-of-yesterday-tolerated", "The same under a policy that lets answers count for two days")
                        .draft(NvidiaDrafts.tolerating("  ocsp-max-age: 2d\n"))
                        .answering(answer(0, NvidiaPolicyCases::ofYesterday))
                        .affirmed(),
                bound("answers-absent-and-waived", "Nobody has an answer, and the policy waives revocation")
                        .draft(NvidiaDrafts.tolerating("""
                                  waive:
                                    - check: gpu.revocation
                                      because: This site has no way to NVIDIA.
                                """))
                        .ocsp(List.of())
                        .also(REVOCATION, "waived")
                        .affirmed());
    }

    private static List<NvidiaCase> manifests() {
        SoftwareRim old = SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100);
        return List.of(
                loose("rims-missing", "Nobody has the RIMs")
                        .withoutRims()
                        .also("gpu.driver-rim", "undetermined")
                        .also("gpu.vbios-rim", "undetermined")
                        .also("gpu.measurements", "undetermined")
                        .rule(NO_DEVTOOLS, "undetermined")
                        .refused(),
                loose("rim-issued-again", "The VBIOS' RIM in two issues of the same values: the newest counts")
                        .rim(old.id(), old.xml(), again().xml())
                        .answering(NvidiaPolicyCases::andOfLaterSigner)
                        .claim("vbios_rim.issue", "newest")
                        .affirmed(),
                loose(
                                "rim-issued-again-for-others",
                                "The newer issue has another value for register 9, the older matches")
                        .rim(
                                old.id(),
                                old.xml(),
                                again().record(9, r -> r.hashes(List.of("5a".repeat(48))))
                                        .xml())
                        .answering(NvidiaPolicyCases::andOfLaterSigner)
                        .claim("vbios_rim.issue", "older")
                        .affirmed(),
                loose(
                                "rim-issued-again-and-neither-matches",
                                "Register 9 is neither what the older nor what the newer issue says")
                        .rim(
                                old.id(),
                                old.xml(),
                                again().record(9, r -> r.hashes(List.of("5a".repeat(48))))
                                        .xml())
                        .answering(NvidiaPolicyCases::andOfLaterSigner)
                        .report(r -> r.measured(9, Bytes.fromHex("a5".repeat(48))))
                        .also("gpu.measurements", "failed")
                        .refused());
    }

    private static SoftwareRim withoutModeRegister(SoftwareRim rim) {
        return rim.record(9, record -> record.active("False"));
    }

    private static SoftwareRim again() {
        return SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100).reissued(PKI);
    }

    private static List<SoftwareOcsp> andOfLaterSigner(List<SoftwareOcsp> answers) {
        return Stream.concat(answers.stream(), NVIDIA.answersAbout(PKI, PKI.laterSignerDraft()).stream())
                .toList();
    }

    /** The answers about the chip and the two authorities above it stand first, then those about the signer of RIMs. */
    private static UnaryOperator<List<SoftwareOcsp>> onHold() {
        return answer(3, answer -> answer.revoked(6));
    }

    private static UnaryOperator<List<SoftwareOcsp>> answer(int position, UnaryOperator<SoftwareOcsp> how) {
        return answers -> {
            var changed = new ArrayList<>(answers);
            changed.set(position, how.apply(answers.get(position)));
            return changed;
        };
    }

    private static SoftwareOcsp ofYesterday(SoftwareOcsp answer) {
        return answer.producedAt(A_DAY_AND_AN_HOUR_AGO)
                .thisUpdate(A_DAY_AND_AN_HOUR_AGO)
                .nextUpdate(A_DAY_AND_AN_HOUR_AGO.plus(Duration.ofDays(7)));
    }

    static NvidiaReport withoutFlag(NvidiaReport report) {
        return report.withoutOpaque(NvidiaOpaque.OPAQUE_DATA_VERSION).withoutOpaque(NvidiaOpaque.FEATURE_FLAG);
    }

    private static NvidiaBoard board(String projectSku, String chipSku, String cpr) {
        NvidiaBoard usual = NvidiaBoard.H100;
        return new NvidiaBoard(
                usual.architecture(),
                usual.project(),
                projectSku,
                chipSku,
                usual.id(),
                Bytes.fromHex(cpr),
                usual.vbios(),
                usual.driver());
    }

    private static NvidiaCase loose(String name, String what) {
        return bound(name, what).policy("confidential-gpu");
    }

    /** Every check passes until it is said otherwise. */
    static NvidiaCase bound(String name, String what) {
        var made = new NvidiaCase(name, what).beside(Cpu.SNP).genuine();
        NvidiaVerdict.COMPOSITE.forEach(code -> made.also(code, "passed"));
        return made;
    }
}
