package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every capture through the schemes, beside what was found out about it independently. */
@EnabledIf(
        value = "io.countersign.verifier.tee.nvgpu.Devices#areHere",
        disabledReason = "the genuine captures of NVIDIA devices are not on this machine")
class GenuineDevicesTest {
    /** When the signers of most published RIMs were valid. */
    private static final Instant AT = Instant.parse("2025-01-01T00:00:00Z");

    private static final Instant AT_OF_SWITCHES = Instant.parse("2026-06-01T00:00:00Z");

    static List<Devices.Capture> captures() {
        return Devices.all();
    }

    private static Instant at(Devices.Capture capture) {
        return switch (capture.kind()) {
            case GPU -> AT;
            case NVSWITCH -> AT_OF_SWITCHES;
        };
    }

    private static Authentication judged(Devices.Capture capture) throws EvidenceException {
        var slots = new HashMap<String, List<Bytes>>();
        List<Bytes> rims = capture.rimFiles().stream().map(Devices::file).toList();
        if (!rims.isEmpty()) {
            for (String id : wantedRims(capture)) {
                slots.put("nvidia.rims." + id, rims);
            }
        }
        return Judged.GENUINE.judge(
                capture.kind(),
                capture.report(),
                capture.chain(),
                Judged.context(
                        at(capture), Endorsements.brought(slots), Bytes.fromHex(capture.text("spdm_request_nonce"))));
    }

    private static List<String> wantedRims(Devices.Capture capture) throws EvidenceException {
        var evidence = Judged.GENUINE.parse(capture.kind(), capture.report(), capture.chain());
        return Judged.GENUINE.scheme(capture.kind()).wanted(evidence, Endorsements.none(), AT).stream()
                .filter(NvidiaEndorsementRef.Rim.class::isInstance)
                .map(ref -> ((NvidiaEndorsementRef.Rim) ref).id())
                .toList();
    }

    @Test
    void eightGpusAndFourSwitchesOfOneMachineAreAmongThem() {
        assertEquals(8, Devices.ofFile("ppcie_gpu_evidence.json").size());
        assertEquals(4, Devices.ofFile("ppcie_switch_evidence.json").size());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void nothingFailsThatWasFoundToBeRight(Devices.Capture capture) throws EvidenceException {
        Authentication found = judged(capture);
        boolean signed = capture.expected().required("signature_valid").asBoolean();
        var failed = new TreeSet<>(Judged.ended(found, "failed"));
        failed.removeAll(Set.of("gpu.driver-rim", "gpu.vbios-rim", "gpu.measurements"));
        assertEquals(signed ? Set.of() : Set.of("gpu.report-signature"), failed);
        // No answers of NVIDIA's responder are public, so that whether a certificate is revoked stays open.
        assertEquals(signed ? Authenticity.UNDETERMINED : Authenticity.REJECTED, found.authenticity());
        assertEquals(signed, found.claims().isPresent());
        if (signed) {
            assertEquals(
                    "undetermined", Judged.outcome(found, GpuCheck.REVOCATION).word());
            boolean hasFwid = capture.expected().has("fwid_match")
                    && !capture.expected().required("fwid_match").isNull();
            assertEquals(
                    hasFwid ? "passed" : "undetermined",
                    Judged.outcome(found, GpuCheck.FWID).word());
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void claimsAreWhatTheManifestSays(Devices.Capture capture) throws EvidenceException {
        Optional<Claims> claims = judged(capture).claims();
        if (claims.isEmpty()) {
            assertEquals("switch-ls10-bad-signature.report.txt", capture.name());
            return;
        }
        assertEquals(Optional.of(capture.text("arch")), claims.get().find("arch"));
        assertEquals(Optional.of(capture.text("hwmodel")), claims.get().find("hwmodel"));
        assertEquals(Optional.of(capture.text("ueid")), claims.get().find("ueid"));
        assertEquals(
                Optional.of(capture.text("pdi_from_cert")),
                claims.get().find("pdi").map(Object::toString));
        if (capture.kind() == DeviceKind.GPU) {
            assertEquals(
                    Optional.of(capture.text("driver_version")), claims.get().find("driver_version"));
            assertEquals(
                    Optional.of(capture.text("cprinfo_hex")),
                    claims.get().find("cpr.raw").map(Object::toString));
        }
    }

    @Test
    void registersDifferExactlyWhereTheyWereFoundToDiffer() throws EvidenceException {
        var compared = new HashSet<String>();
        for (Devices.Capture capture : captures()) {
            Authentication found = judged(capture);
            Optional<?> indexes = found.claims().flatMap(claims -> claims.find("mismatched_indexes"));
            if (indexes.isPresent()) {
                compared.add(capture.name());
                assertEquals(expected(capture, found), indexes.get(), capture.name());
            }
        }
        assertTrue(
                compared.containsAll(Set.of(
                        "hopper-545.00-full.report.txt",
                        "hopper-545.00-prod-vbios-rim.report.txt",
                        "hopper-580.159.03.report.txt",
                        "hopper-570.124.03.report.txt",
                        "switch-ls10-96.10.55.report.txt")),
                compared.toString());
    }

    /** Of the manifests that are to be relied on. */
    private static List<Long> expected(Devices.Capture capture, Authentication found) {
        boolean driver = capture.kind() == DeviceKind.GPU
                && Judged.outcome(found, GpuCheck.DRIVER_RIM).word().equals("passed");
        var indexes = new TreeSet<Long>();
        for (JsonNode each : capture.rimComparison().required("mismatch")) {
            if (driver || !each.required(1).asText().equals("driver")) {
                indexes.add(each.required(0).asLong());
            }
        }
        return List.copyOf(indexes);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void nothingIsWantedForADeviceThatIsNotGenuine(Devices.Capture capture) throws EvidenceException {
        var scheme = Judged.GENUINE.scheme(capture.kind());
        boolean signed = capture.expected().required("signature_valid").asBoolean();
        var evidence = Judged.GENUINE.parse(capture.kind(), capture.report(), capture.chain());
        // A RIM or two, and answers about boot ROM, provisioner and intermediate.
        int rims = capture.kind() == DeviceKind.GPU ? 2 : 1;
        assertEquals(
                signed ? rims + 3 : 0,
                scheme.wanted(evidence, Endorsements.none(), AT).size());
        var damaged = Judged.GENUINE.parse(
                capture.kind(),
                Judged.flipped(capture.report(), capture.report().length() * 8 - 1),
                capture.chain());
        assertEquals(Set.of(), scheme.wanted(damaged, Endorsements.none(), AT));
    }
}
