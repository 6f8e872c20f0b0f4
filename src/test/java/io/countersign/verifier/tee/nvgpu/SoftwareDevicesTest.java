package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaExtensions;
import io.countersign.insecure.NvidiaGolden;
import io.countersign.insecure.NvidiaNames;
import io.countersign.insecure.NvidiaOpaque;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareRim;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a device of which one thing is different, everything else being good. */
class SoftwareDevicesTest {
    private static final SoftwareGpu GPU = Lab.NVIDIA.h100("unit");
    private static final String DRIVER = "nvidia.rims." + GPU.board().driverRimId();
    private static final String VBIOS = "nvidia.rims." + GPU.board().vbiosRimId();

    private static Authentication judged(UnaryOperator<NvidiaReport> change) throws EvidenceException {
        return judged(change, Map.of());
    }

    private static Authentication judged(UnaryOperator<NvidiaReport> change, Map<String, List<Bytes>> others)
            throws EvidenceException {
        return Judged.SOFTWARE.judge(
                DeviceKind.GPU,
                GPU.report(Lab.NONCE, change),
                Lab.chain(GPU.chip()),
                Judged.context(Lab.AT, Lab.with(Lab.slots(GPU.chip(), Lab.rims(GPU)), others), Lab.NONCE));
    }

    private static Claims claims(Authentication found) {
        return found.claims()
                .orElseThrow(() -> new AssertionError(found.report().checks().toString()));
    }

    private static Optional<Object> claim(Authentication found, String path) {
        return claims(found).find(path);
    }

    @Test
    void aGoodGpuIsGenuineAndSaysEverything() throws EvidenceException {
        Authentication found = judged(UnaryOperator.identity());
        assertEquals(Authenticity.GENUINE, found.authenticity());
        assertEquals(GpuCheck.values().length, Judged.ended(found, "passed").size());
        assertEquals(Optional.of(true), claim(found, "measurements_match"));
        assertEquals(Optional.of(List.of()), claim(found, "mismatched_indexes"));
        assertEquals(Optional.of(List.of(41L)), claim(found, "unreferenced_indexes"));
        assertEquals(Optional.of("on"), claim(found, "cc_mode"));
        assertEquals(Optional.of("signed"), claim(found, "cc_mode_strength"));
        assertEquals(Optional.of("matched"), claim(found, "devtools_index"));
        assertEquals(Optional.of("H100"), claim(found, "model"));
        assertEquals(Optional.of("good"), claim(found, "ocsp_status"));
        assertEquals(Optional.of("newest"), claim(found, "driver_rim.issue"));
    }

    @Test
    void aGoodSwitchIsGenuineOnceItsFwidIsWaived() throws EvidenceException {
        var device = io.countersign.insecure.NvidiaMachine.protectedPcie(Lab.NVIDIA, "unit")
                .switches()
                .getFirst();
        Authentication found = Judged.SOFTWARE.judge(
                DeviceKind.NVSWITCH,
                device.report(Lab.NONCE),
                Lab.chain(device.chip()),
                Judged.context(Lab.AT, Lab.endorsements(device), Lab.NONCE));
        assertEquals(Set.of("gpu.fwid"), Judged.ended(found, "undetermined"));
        assertEquals(
                GpuCheck.OF_SWITCHES.size() - 1, Judged.ended(found, "passed").size());
        assertEquals(8, ((List<?>) claim(found, "gpu_pdis").orElseThrow()).size());
    }

    @Test
    void restsUntilTheEarliestEnd() throws EvidenceException {
        Instant soon = Lab.AT.plusSeconds(77);
        var answers = new ArrayList<>(Lab.answers(GPU.chip()));
        answers.set(
                2, Lab.NVIDIA.answersAbout(GPU.chip()).get(2).nextUpdate(soon).der());
        var found = judged(UnaryOperator.identity(), Map.of("nvidia.ocsp", answers));
        assertTrue(found instanceof Authentication.Genuine);
        assertEquals(soon, ((Authentication.Genuine) found).restsUntil());
    }

    @Test
    void wantsItsRimsAndTheAnswersAboutItsChainAndThenThoseAboutTheSigners() throws EvidenceException {
        var scheme = Judged.SOFTWARE.scheme(DeviceKind.GPU);
        var evidence = Judged.SOFTWARE.parse(DeviceKind.GPU, GPU.report(Lab.NONCE), Lab.chain(GPU.chip()));
        Set<EndorsementRef> first = scheme.wanted(evidence, Endorsements.none(), Lab.AT);
        assertEquals(
                Set.of(
                        new NvidiaEndorsementRef.Rim(GPU.board().driverRimId()),
                        new NvidiaEndorsementRef.Rim(GPU.board().vbiosRimId())),
                first.stream()
                        .filter(NvidiaEndorsementRef.Rim.class::isInstance)
                        .collect(Collectors.toSet()));
        assertEquals(
                List.of("GH100 A01 GSP BROM", "NVIDIA GH100 Provisioner ICA 1", "NVIDIA GH100 Identity"),
                subjects(first));
        var slots = Lab.slots(GPU.chip(), Lab.rims(GPU));
        slots.remove("nvidia.ocsp");
        Set<EndorsementRef> second = scheme.wanted(evidence, Endorsements.brought(slots), Lab.AT);
        assertEquals(6, second.size());
        assertEquals(6, subjects(second).size());
        assertEquals(Set.of(), scheme.wanted(evidence, Lab.endorsements(GPU), Lab.AT));
    }

    private static List<String> subjects(Set<EndorsementRef> refs) {
        return refs.stream()
                .filter(OcspAnswer.class::isInstance)
                .map(ref -> ((OcspAnswer) ref).subject())
                .toList();
    }

    @Test
    void nothingIsSaidAboutMeasurementsWhileAManifestIsMissing() throws EvidenceException {
        var slots = Lab.slots(GPU.chip(), Lab.rims(GPU));
        slots.remove(VBIOS);
        Authentication found = Judged.SOFTWARE.judge(
                DeviceKind.GPU,
                GPU.report(Lab.NONCE, report -> report.withoutOpaque(NvidiaOpaque.FEATURE_FLAG)),
                Lab.chain(GPU.chip()),
                Judged.context(Lab.AT, Endorsements.brought(slots), Lab.NONCE));
        assertEquals(Set.of("gpu.vbios-rim", "gpu.measurements"), Judged.ended(found, "undetermined"));
        for (String path : List.of(
                "measurements_match",
                "mismatched_indexes",
                "unreferenced_indexes",
                "vbios_rim.id",
                "cc_mode",
                "devtools_index")) {
            assertEquals(Optional.empty(), claim(found, path), path);
        }
        assertEquals(Optional.of(GPU.board().driverRimId()), claim(found, "driver_rim.id"));
    }

    @Test
    void aVbiosManifestWithoutTheRegisterOfTheModeLeavesItUncompared() throws EvidenceException {
        Authentication found = judged(
                UnaryOperator.identity(),
                Map.of(VBIOS, Lab.utf8(withoutModeRegister().xml())));
        assertEquals(Authenticity.GENUINE, found.authenticity());
        assertEquals(Optional.of("not-compared"), claim(found, "devtools_index"));
        assertEquals(Optional.of(true), claim(found, "measurements_match"));
        assertEquals(Optional.of(List.of(9L, 41L)), claim(found, "unreferenced_indexes"));
    }

    @Test
    void aVbiosManifestThatDoesNotCountComparesNothing() throws EvidenceException {
        String bad = SoftwareRim.vbios(Lab.NVIDIA, GPU.board()).xml().replace("active=\"True\"", "active=\"False\"");
        Authentication found = judged(UnaryOperator.identity(), Map.of(VBIOS, Lab.utf8(bad)));
        assertEquals(Set.of("gpu.vbios-rim"), Judged.ended(found, "failed"));
        assertEquals(Optional.empty(), claim(found, "devtools_index"));
    }

    private static SoftwareRim withoutModeRegister() {
        return SoftwareRim.vbios(Lab.NVIDIA, GPU.board())
                .record(MeasurementJudge.MODE_REGISTER, record -> record.active("False"));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 00, Param1 of the request",
        "2, 03, Param1 of the request",
        "3, 00, Param2 of the request",
        "3, 01, Param2 of the request",
        "36, 01, certificate slot 1",
    })
    void aRequestThatAsksForLessFailsTheFormat(int offset, String value, String finding) throws EvidenceException {
        Authentication found = judged(report -> report.requestBytes(offset, Bytes.fromHex(value)));
        assertTrue(Judged.actual(found, GpuCheck.FORMAT).contains(finding));
        assertEquals(Set.of("gpu.format"), Judged.ended(found, "failed"));
        assertEquals(Authenticity.REJECTED, found.authenticity());
    }

    @Test
    void aReportThatContradictsItselfFailsTheFormat() throws EvidenceException {
        Map<String, UnaryOperator<NvidiaReport>> changes = Map.of(
                "Param1 and Param2 of the response are 0x01",
                report -> report.responseBytes(2, Bytes.fromHex("01")),
                "register 9 was extended 0 times, yet it holds a value",
                report -> report.extensions(counts -> {
                    counts[9] = 0;
                    return counts;
                }),
                "register 50 was extended 3 times, yet it holds zeros",
                report -> report.extensions(counts -> {
                    counts[50] = 3;
                    return counts;
                }),
                "the opaque data is of version 2",
                report -> report.opaque(NvidiaOpaque.OPAQUE_DATA_VERSION, Bytes.fromHex("0200")),
                "PROTECTED_PCIE_STATUS is 0x56",
                report -> report.opaque(NvidiaOpaque.PROTECTED_PCIE_STATUS, Bytes.fromHex("56")),
                "FEATURE_FLAG is SPT and PROTECTED_PCIE_STATUS is 0xaa",
                report -> report.opaque(NvidiaOpaque.PROTECTED_PCIE_STATUS, Bytes.fromHex("aa")),
                "FEATURE_FLAG is PPCIE and PROTECTED_PCIE_STATUS is 0x55",
                report -> report.opaque(NvidiaOpaque.FEATURE_FLAG, Bytes.fromHex("0200")));
        for (var each : changes.entrySet()) {
            Authentication found = judged(each.getValue());
            assertTrue(Judged.actual(found, GpuCheck.FORMAT).contains(each.getKey()), each.getKey());
            assertEquals(Authenticity.REJECTED, found.authenticity());
        }
    }

    @ParameterizedTest
    @CsvSource({"HOPPER, passed", "hopper, passed", "BLACKWELL, failed", "LS10, failed", "x, failed"})
    void anArchitectureThatIsSaidMustBeTheOneThatIsCertified(String word, String ends) throws EvidenceException {
        var evidence = Judged.SOFTWARE.parse(DeviceKind.GPU, GPU.report(Lab.NONCE), Lab.chain(GPU.chip()), word);
        Authentication found = Judged.SOFTWARE
                .scheme(DeviceKind.GPU)
                .authenticate(evidence, Judged.context(Lab.AT, Lab.endorsements(GPU), Lab.NONCE));
        assertEquals(ends, Judged.outcome(found, GpuCheck.FORMAT).word());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {
                "2, aa, aa, ppcie, signed",
                "0, 55, 55, on, signed",
                "1, 55, 55, on, signed",
                "1, absent, absent, on, signed",
                "absent, 55, 55, on, inferred",
                "absent, aa, aa, ppcie, inferred",
                "absent, absent, absent, on, inferred",
                "9, 55, 55, absent, absent",
            })
    void theModeIsWhatIsSignedOrElseInferred(String flag, String status, String same, String mode, String strength)
            throws EvidenceException {
        Authentication found = judged(report -> {
            if (flag == null) {
                report.withoutOpaque(NvidiaOpaque.FEATURE_FLAG);
            } else {
                report.opaque(NvidiaOpaque.FEATURE_FLAG, Bytes.fromHex("0" + flag + "00"));
            }
            return status == null
                    ? report.withoutOpaque(NvidiaOpaque.PROTECTED_PCIE_STATUS)
                    : report.opaque(NvidiaOpaque.PROTECTED_PCIE_STATUS, Bytes.fromHex(same));
        });
        assertEquals(Optional.ofNullable(mode), claim(found, "cc_mode"));
        assertEquals(Optional.ofNullable(strength), claim(found, "cc_mode_strength"));
    }

    @Test
    void noModeIsInferredWhenTheRegisterThatCoversItDiffers() throws EvidenceException {
        Authentication found = judged(report ->
                report.withoutOpaque(NvidiaOpaque.FEATURE_FLAG).measured(9, NvidiaGolden.measured("DevTools")));
        assertEquals(Optional.empty(), claim(found, "cc_mode"));
        assertEquals(Optional.of("differs"), claim(found, "devtools_index"));
        assertEquals(Optional.of(List.of(9L)), claim(found, "mismatched_indexes"));
        assertEquals(Set.of("gpu.measurements"), Judged.ended(found, "failed"));
        assertTrue(Judged.outcome(found, GpuCheck.MEASUREMENTS) instanceof Outcome.Failed failed
                && failed.hint().contains("DevTools"));
    }

    /** Register 35 holds something else, or what it should. */
    @ParameterizedTest
    @CsvSource({
        "55, other, passed",
        "aa, other, failed",
        "aa, golden, passed",
        "00, golden, failed",
        "54, golden, failed",
        "absent, golden, failed"
    })
    void theVideoDecodersRegisterIsLeftOutOnlyWhileItIsDisabled(String status, String register, String ends)
            throws EvidenceException {
        Authentication found = judged(report -> {
            if (register.equals("other")) {
                report.measured(35, NvidiaGolden.measured("another decoder"));
            }
            return status.equals("absent")
                    ? report.withoutOpaque(NvidiaOpaque.NVDEC0_STATUS)
                    : report.opaque(NvidiaOpaque.NVDEC0_STATUS, Bytes.fromHex(status));
        });
        assertEquals(ends, Judged.outcome(found, GpuCheck.MEASUREMENTS).word());
        assertEquals(Optional.of(ends.equals("passed")), claim(found, "measurements_match"));
    }

    @Test
    void anOlderIssueOfAManifestThatMatchesIsEnoughAndIsSaid() throws EvidenceException {
        String newer = vbiosWithOtherRegister(9).xml();
        String older = SoftwareRim.vbios(Lab.NVIDIA, GPU.board()).xml();
        var answers = new ArrayList<>(Lab.answers(GPU.chip()));
        var pki = Lab.NVIDIA.rims(NvidiaArchitecture.HOPPER);
        Lab.NVIDIA.answersAbout(pki, pki.laterSignerDraft()).forEach(answer -> answers.add(answer.der()));
        for (List<Bytes> both : List.of(Lab.utf8(newer, older), Lab.utf8(older, newer))) {
            Authentication found = judged(UnaryOperator.identity(), Map.of(VBIOS, both, "nvidia.ocsp", answers));
            assertEquals(Authenticity.GENUINE, found.authenticity());
            assertEquals(Optional.of("older"), claim(found, "vbios_rim.issue"));
            assertEquals(Optional.of(true), claim(found, "measurements_match"));
        }
        Authentication alone = judged(UnaryOperator.identity(), Map.of(VBIOS, Lab.utf8(newer), "nvidia.ocsp", answers));
        assertEquals(Optional.of(List.of(9L)), claim(alone, "mismatched_indexes"));
        assertEquals(Optional.of("newest"), claim(alone, "vbios_rim.issue"));
    }

    private static SoftwareRim vbiosWithOtherRegister(int index) {
        var pki = Lab.NVIDIA.rims(NvidiaArchitecture.HOPPER);
        return SoftwareRim.vbios(Lab.NVIDIA, GPU.board())
                .record(
                        index,
                        record -> record.hashes(
                                List.of(NvidiaGolden.measured("newer " + index).toString())))
                .reissued(pki);
    }

    @Test
    void registersThatBothManifestsHaveAreAConflict() throws EvidenceException {
        Bytes seven =
                Bytes.copyOf(GPU.draft(Lab.NONCE).signed().toByteArray()).slice(37 + 8 + 7 * 55 + 7, 37 + 8 + 8 * 55);
        String both = SoftwareRim.vbios(Lab.NVIDIA, GPU.board())
                .record(7, record -> record.active("True").hashes(List.of(seven.toString())))
                .xml();
        Authentication found = judged(UnaryOperator.identity(), Map.of(VBIOS, Lab.utf8(both)));
        assertTrue(Judged.actual(found, GpuCheck.MEASUREMENTS).contains("[7]"));
    }

    @Test
    void aBadCopyBesideAGoodOneIsNotInTheWayAndAloneFails() throws EvidenceException {
        String good = SoftwareRim.driver(Lab.NVIDIA, GPU.board()).xml();
        String bad = good.replace("active=\"True\"", "active=\"False\"");
        assertEquals(
                Authenticity.GENUINE,
                judged(UnaryOperator.identity(), Map.of(DRIVER, Lab.utf8(bad, good)))
                        .authenticity());
        Authentication alone = judged(UnaryOperator.identity(), Map.of(DRIVER, Lab.utf8(bad)));
        assertEquals(Set.of("gpu.driver-rim"), Judged.ended(alone, "failed"));
        assertEquals(Set.of("gpu.measurements"), Judged.ended(alone, "not-reached"));
        Authentication other = judged(
                UnaryOperator.identity(),
                Map.of(
                        DRIVER,
                        Lab.utf8(SoftwareRim.vbios(Lab.NVIDIA, GPU.board()).xml())));
        assertTrue(Judged.actual(other, GpuCheck.DRIVER_RIM).contains("it is for version"));
        Authentication later = Judged.SOFTWARE.judge(
                DeviceKind.GPU,
                GPU.report(Lab.NONCE),
                Lab.chain(GPU.chip()),
                Judged.context(Lab.AT.plus(Duration.ofDays(9000)), Lab.endorsements(GPU), Lab.NONCE));
        assertTrue(Judged.actual(later, GpuCheck.DRIVER_RIM).contains("does not hold at"));
    }

    @Test
    void aReportThatDoesNotSayWhatToLookUpFailsTheManifest() throws EvidenceException {
        Authentication found = judged(report -> report.withoutOpaque(NvidiaOpaque.DRIVER_VERSION));
        assertTrue(Judged.actual(found, GpuCheck.DRIVER_RIM).contains("does not say what a RIM is found by"));
        Authentication board = judged(report -> report.withoutOpaque(NvidiaOpaque.CHIP_SKU));
        assertTrue(Judged.actual(board, GpuCheck.VBIOS_RIM).contains("does not say"));
        assertEquals(Optional.empty(), claim(board, "board"));
        assertEquals(Optional.empty(), claim(board, "model"));
    }

    @Test
    void anotherFwidFailsAndNoneIsUndetermined() throws EvidenceException {
        Authentication other = judged(report -> report.opaque(NvidiaOpaque.FWID, Bytes.zeros(48)));
        assertEquals(Set.of("gpu.fwid"), Judged.ended(other, "failed"));
        assertEquals(Authenticity.REJECTED, other.authenticity());
        Authentication none = judged(report -> report.withoutOpaque(NvidiaOpaque.FWID));
        assertEquals(Set.of("gpu.fwid"), Judged.ended(none, "undetermined"));
        assertEquals(Optional.empty(), claim(none, "fwid"));
    }

    @Test
    void aReportOfAnotherChipThanItsCertificatesFailsTheChain() throws EvidenceException {
        Authentication found =
                judged(report -> report.opaque(NvidiaOpaque.GPU_INFO, Bytes.fromHex("a001000000000000")));
        assertTrue(Judged.actual(found, GpuCheck.CERTIFICATE_CHAIN).contains("a0010000"));
    }

    /** Each leaf is signed well, and not one of NVIDIA's. */
    @Test
    void leavesThatNvidiaDoesNotMakeFailTheChainAndSayWhy() throws EvidenceException {
        String san = "2.5.29.17";
        Bytes fwid = GPU.chip().fwidValue(GPU.chip().fwid());
        Bytes sha256 = NvidiaExtensions.compositeDeviceId(
                Lab.NVIDIA.key("x"), NISTObjectIdentifiers.id_sha256, GPU.chip().fwid());
        Map<String, UnaryOperator<SoftwareCertificate>> changes = new HashMap<>();
        changes.put("the leaf names no device", draft -> draft.without(san));
        changes.put(
                "called AD100, which is not known",
                draft -> draft.replacing(san, NvidiaExtensions.deviceInfo("NVIDIA:AD100:48B02D0000000000")));
        changes.put(
                "not a DMTF device information",
                draft -> draft.replacing(san, NvidiaExtensions.deviceInfo("AMD:GH100:48B02D0000000000")));
        changes.put(
                "is not the name of a certificate in its place",
                draft -> draft.replacing(san, NvidiaExtensions.deviceInfo("NVIDIA:GB100:48B02D0000000000")));
        changes.put("it has no FWID extension", draft -> draft.without(NvidiaNames.COMPOSITE_DEVICE_ID));
        changes.put(
                "it has two FWID extensions",
                draft -> draft.with(
                        NvidiaNames.DICE_TCB_INFO,
                        NvidiaExtensions.diceTcbInfo("m", GPU.chip().fwid())));
        changes.put(
                "its FWID is not a digest of SHA-384",
                draft -> draft.replacing(NvidiaNames.COMPOSITE_DEVICE_ID, sha256));
        changes.put(
                "its FWID extension is not",
                draft -> draft.replacing(NvidiaNames.COMPOSITE_DEVICE_ID, Bytes.concat(fwid, Bytes.zeros(1))));
        changes.put("it is a certificate authority", SoftwareCertificate::certificateAuthority);
        changes.put("its key usage does not allow to sign data", draft -> draft.without("2.5.29.15"));
        changes.put(
                "its authority key identifier names another key",
                draft -> draft.replacing("2.5.29.35", NvidiaExtensions.authorityKeyIdentifier(Bytes.zeros(20))));
        for (var each : changes.entrySet()) {
            var chain = new ArrayList<>(GPU.chip().chain());
            chain.set(0, each.getValue().apply(GPU.chip().leafDraft()).der());
            Authentication found = Judged.SOFTWARE.judge(
                    DeviceKind.GPU,
                    GPU.report(Lab.NONCE),
                    Bytes.utf8(NvidiaChip.pem(chain)),
                    Judged.context(Lab.AT, Lab.endorsements(GPU), Lab.NONCE));
            String actual = Judged.actual(found, GpuCheck.CERTIFICATE_CHAIN);
            assertTrue(actual.contains(each.getKey()), actual);
            assertEquals(Authenticity.REJECTED, found.authenticity(), each.getKey());
            assertEquals("not-reached", Judged.outcome(found, GpuCheck.FWID).word());
        }
    }

    /** Some were once let out as an exception. Key identifiers only help to choose among issuers. */
    @ParameterizedTest
    @CsvSource({
        "leaf, 2.5.29.14, false",
        "leaf, 2.5.29.15, true",
        "leaf, 2.5.29.17, true",
        "leaf, 2.5.29.35, false",
        "boot ROM, 2.5.29.14, false",
        "boot ROM, 2.5.29.15, true",
        "boot ROM, 2.5.29.19, true",
        "boot ROM, 2.5.29.35, false"
    })
    void extensionsThatCannotBeReadAreAsGoodAsAbsent(String whose, String oid, boolean needed)
            throws EvidenceException {
        boolean leaf = whose.equals("leaf");
        for (String value : List.of("", "00", "30", "0401", "0201ff", "800100", "a0030101ff", "3003850100")) {
            var chain = new ArrayList<>(GPU.chip().chain());
            chain.set(
                    leaf ? 0 : 1,
                    (leaf ? GPU.chip().leafDraft() : GPU.chip().bromDraft())
                            .without(oid)
                            .with(oid, Bytes.fromHex(value))
                            .der());
            Authentication found = Judged.SOFTWARE.judge(
                    DeviceKind.GPU,
                    GPU.report(Lab.NONCE),
                    Bytes.utf8(NvidiaChip.pem(chain)),
                    Judged.context(Lab.AT, Endorsements.none(), Lab.NONCE));
            assertEquals(needed, Judged.ended(found, "failed").contains("gpu.certificate-chain"), value);
        }
    }

    @Test
    void onlyTheSameNonceIsAnswered() throws EvidenceException {
        Authentication found = judged(report -> report.nonce(Bytes.zeros(32)));
        assertEquals(Set.of("gpu.binding"), Judged.ended(found, "failed"));
        assertEquals(Authenticity.REJECTED, found.authenticity());
    }
}
