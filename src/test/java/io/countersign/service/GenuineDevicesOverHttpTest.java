package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.Devices;
import io.countersign.verifier.tee.nvgpu.Devices.Capture;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Genuine H100s, a B200 and LS10 switches, sent to the service as it comes. Each is judged when its RIMs were valid. */
@QuarkusTest
@TestProfile(ProductionLike.class)
class GenuineDevicesOverHttpTest {
    /** Written out here so that this test says, file by file, what the manifest's verdict is in our catalogue. */
    private static final Map<String, Set<String>> FAILED = Map.of(
            "hopper-545.00-prod-vbios-rim.report.txt", Set.of("gpu.measurements"),
            "hopper-580.159.03.report.txt", Set.of("gpu.measurements"),
            "hopper-570.124.03.report.txt", Set.of("gpu.driver-rim", "gpu.measurements"),
            "switch-ls10-bad-signature.report.txt", Set.of("gpu.report-signature"),
            "ppcie_switch_evidence.json", Set.of("gpu.vbios-rim"));

    /** The one file with a driver RIM that nobody signed: the manifest compared with its values all the same. */
    private static final String TAMPERED_RIM = "hopper-570.124.03.report.txt";

    private static final Set<String> RIM_CHECKS = Set.of("gpu.driver-rim", "gpu.vbios-rim", "gpu.measurements");

    @BeforeEach
    void whereTheDevicesAre() {
        assumeTrue(Devices.areHere(), () -> "no genuine devices at " + Devices.FOLDER);
    }

    private static JsonNode submod(Capture device, Answer answer) {
        return answer.json().at("/submods/" + DeviceRequests.label(device));
    }

    private static String outcome(JsonNode submod, String code) {
        return check(submod, code).get("outcome").asText();
    }

    private static JsonNode check(JsonNode submod, String code) {
        return StreamSupport.stream(submod.get("checks").spliterator(), false)
                .filter(each -> each.get("code").asText().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> ended(JsonNode submod, String word) {
        var codes = new TreeSet<String>();
        submod.get("checks").forEach(each -> {
            if (each.get("outcome").asText().equals(word)) {
                codes.add(each.get("code").asText());
            }
        });
        return codes;
    }

    private static Answer appraised(Capture device) {
        return Http.post(APPRAISALS, DeviceRequests.alone(device)).ok();
    }

    @Test
    void everyDeviceGetsItsVerdict() {
        int judged = 0;
        for (Capture device : Devices.all()) {
            judged++;
            JsonNode submod = submod(device, appraised(device));
            Set<String> failed = FAILED.getOrDefault(device.file(), Set.of());
            assertEquals(failed, ended(submod, "failed"), device + " " + submod);
            switch (device.verdict()) {
                case "ACCEPT" -> {
                    assertTrue(ended(submod, "passed").containsAll(rimChecks(device)), device + " " + submod);
                    assertEquals("none", submod.get("status").asText(), device.name());
                }
                case "ACCEPT-EVIDENCE-ONLY" -> {
                    assertTrue(ended(submod, "undetermined").containsAll(rimChecks(device)), device + " " + submod);
                    assertEquals("none", submod.get("status").asText(), device.name());
                }
                case "REJECT" -> {
                    assertFalse(failed.isEmpty(), device::name);
                    assertEquals("contraindicated", submod.get("status").asText(), device.name());
                }
                default -> throw new AssertionError(device + ": a verdict that this test does not know");
            }
            boolean rejected = failed.contains("gpu.report-signature");
            assertEquals(
                    rejected ? "rejected" : "undetermined",
                    submod.get("authenticity").asText(),
                    device.name());
            assertEquals(!rejected, submod.has("claims"), device.name());
        }
        assertEquals(23, judged);
    }

    private static Collection<String> rimChecks(Capture device) {
        return device.kind() == DeviceKind.GPU ? RIM_CHECKS : Set.of("gpu.vbios-rim", "gpu.measurements");
    }

    @Test
    void whatTheManifestSaysOfSignatureChainAndFirmwareIsHowTheChecksEnd() {
        for (Capture device : Devices.all()) {
            JsonNode submod = submod(device, appraised(device));
            boolean valid = device.expected().required("signature_valid").asBoolean();
            assertEquals(valid ? "passed" : "failed", outcome(submod, "gpu.report-signature"), device.name());
            assertTrue(device.expected().required("chain_ok").asBoolean(), device::name);
            assertEquals("passed", outcome(submod, "gpu.certificate-chain"), device + " " + submod);
            assertEquals("passed", outcome(submod, "gpu.format"), device + " " + submod);
            assertEquals(
                    device.expected().has("fwid_match") ? "passed" : "undetermined",
                    outcome(submod, "gpu.fwid"),
                    device.name());
            assertEquals("undetermined", outcome(submod, "gpu.binding"), device.name());
        }
    }

    @Test
    void everyFactOfTheManifestIsAClaimWithThatValue() {
        int compared = 0;
        for (Capture device : Devices.all()) {
            JsonNode submod = submod(device, appraised(device));
            if (submod.has("claims")) {
                compared++;
                ManifestClaims.assertAgree(device, submod.get("claims"));
            }
        }
        assertEquals(22, compared);
    }

    @Test
    void registersDifferWhereTheManifestSaysSo() {
        int compared = 0;
        for (Capture device : Devices.all()) {
            if (device.rimComparison() == null || device.rimComparison().isNull() || isOfAnotherVersion(device)) {
                continue;
            }
            compared++;
            JsonNode submod = submod(device, appraised(device));
            JsonNode claims = submod.get("claims");
            List<Integer> differing = differing(device);
            assertEquals(differing, ManifestClaims.numbers(claims.get("mismatched_indexes")), device.name());
            assertEquals(differing.isEmpty(), claims.get("measurements_match").booleanValue(), device.name());
            if (differing.isEmpty()) {
                String counted = "All %d golden values"
                        .formatted(device.rimComparison().get("n_gold").asInt());
                String because =
                        check(submod, "gpu.measurements").get("because").asText();
                assertTrue(because.startsWith(counted), because);
            }
            for (JsonNode skipped : device.rimComparison().get("skip35")) {
                // The video decoder of every genuine GPU is off, and its register is then not compared.
                assertEquals(35, skipped.get(0).asInt());
            }
        }
        assertEquals(6, compared);
    }

    private static boolean isOfAnotherVersion(Capture device) {
        return device.file().equals("ppcie_switch_evidence.json");
    }

    /** Of the tampered driver RIM no value may count, whatever it says. */
    private static List<Integer> differing(Capture device) {
        return StreamSupport.stream(device.rimComparison().get("mismatch").spliterator(), false)
                .filter(each -> !device.file().equals(TAMPERED_RIM)
                        || each.get(1).asText().equals("vbios"))
                .map(each -> each.get(0).asInt())
                .toList();
    }

    @Test
    void ofATamperedRimNothingIsCompared() {
        Capture device = Devices.named(TAMPERED_RIM);
        assertEquals(16, device.rimComparison().get("mismatch").size());
        JsonNode submod = submod(device, appraised(device));
        assertEquals(List.of(9), ManifestClaims.numbers(submod.at("/claims/mismatched_indexes")));
        assertEquals("failed", outcome(submod, "gpu.driver-rim"));
        assertEquals("passed", outcome(submod, "gpu.vbios-rim"));
        assertEquals("differs", submod.at("/claims/devtools_index").asText());
        assertFalse(submod.get("claims").has("driver_rim"), submod::toString);
    }

    @Test
    void theVbiosRimAloneFindsWhatDiffersWithoutADriverRim() {
        Capture device = Devices.named("hopper-580.159.03.report.txt");
        JsonNode submod = submod(device, appraised(device));
        assertEquals("undetermined", outcome(submod, "gpu.driver-rim"));
        assertTrue(
                check(submod, "gpu.driver-rim").get("missing").asText().contains(device.text("driver_rim_id")),
                submod::toString);
        assertEquals("passed", outcome(submod, "gpu.vbios-rim"));
        assertTrue(check(submod, "gpu.measurements").get("hint").asText().contains("Register 9"), submod::toString);
    }

    @Test
    void aMissingRimIsNamedByTheIdOfTheManifest() {
        int named = 0;
        for (Capture device : Devices.all()) {
            JsonNode submod = submod(device, appraised(device));
            for (String code : ended(submod, "undetermined")) {
                if (code.endsWith("-rim")) {
                    named++;
                    String id = device.text(code.equals("gpu.driver-rim") ? "driver_rim_id" : "vbios_rim_id");
                    String missing = check(submod, code).get("missing").asText();
                    assertTrue(missing.contains(id + ": "), missing);
                }
            }
        }
        assertEquals(25, named);
    }

    @Test
    void aRimOfAnotherVersionIsNotTheOneAskedForUnderItsOwnId() {
        Capture device = Devices.ofFile("ppcie_switch_evidence.json").getFirst();
        ObjectNode body = DeviceRequests.bare(device);
        DeviceRequests.bringRim(
                body,
                "NV_SWITCH_BIOS_5612_0002_890_9610550001",
                device.rimFiles().getFirst());
        JsonNode submod = submod(device, Http.post(APPRAISALS, body).ok());
        assertEquals("undetermined", outcome(submod, "gpu.vbios-rim"));
        assertEquals("undetermined", outcome(submod, "gpu.measurements"));
        assertEquals("none", submod.get("status").asText());
    }

    @Test
    void aRimOfAnotherVersionUnderTheIdAskedForFails() {
        Capture device = Devices.ofFile("ppcie_switch_evidence.json").getFirst();
        JsonNode submod = submod(device, appraised(device));
        JsonNode check = check(submod, "gpu.vbios-rim");
        assertEquals("failed", check.get("outcome").asText());
        assertTrue(check.get("actual").asText().contains("96.10.55.00.01"), check::toString);
        assertTrue(check.get("actual").asText().contains("96.10.73.00.01"), check::toString);
        assertEquals("not-reached", outcome(submod, "gpu.measurements"));
        assertFalse(submod.get("claims").has("measurements_match"), submod::toString);
    }

    /** Every other RIM of the manifest is of a device that is not here; the RIM reader's own tests read each of those. */
    @Test
    void aRimThatNobodySignedFailsWhicheverDeviceItIsBroughtFor() {
        Capture device = Devices.named("hopper-550.90.07.report.txt");
        for (String file : List.of("incorrect_signature_driver_rim.xml", "NV_GPU_DRIVER_GH100_550.144.03.xml")) {
            ObjectNode body = DeviceRequests.alone(device);
            DeviceRequests.bringRim(body, device.text("driver_rim_id"), file);
            JsonNode submod = submod(device, Http.post(APPRAISALS, body).ok());
            String actual = check(submod, "gpu.driver-rim").get("actual").asText();
            assertEquals(file.startsWith("NV_"), actual.contains("it is for version 550.144.03"), actual);
        }
    }

    @Test
    void aChainThatIsNotFiveCertificatesFails() {
        Capture device = Devices.named("hopper-550.90.07.report.txt");
        for (String file : List.of("chain-root-only.pem", "chain-missing-intermediate.pem")) {
            ObjectNode body = DeviceRequests.alone(device);
            body.withObject("/evidence/gpu0")
                    .put("certificate", Devices.file(file).toUtf8());
            JsonNode submod = submod(device, Http.post(APPRAISALS, body).ok());
            assertEquals("failed", outcome(submod, "gpu.certificate-chain"), file);
            assertEquals("rejected", submod.get("authenticity").asText(), file);
            assertFalse(submod.has("claims"), file);
        }
    }

    @Test
    void everyDeviceOfNvidiasJsonIsTakenAsItIs() {
        int taken = 0;
        for (Capture device : Devices.all()) {
            if (!device.file().endsWith(".json")) {
                continue;
            }
            taken++;
            ObjectNode written = DeviceRequests.asNvidiaWritesIt(device);
            ObjectNode body = DeviceRequests.at(device);
            body.putObject("evidence").set(DeviceRequests.label(device), written);
            OpenApi.assertFits("AppraisalRequest", body);
            JsonNode submod = submod(device, Http.post(APPRAISALS, body).ok());
            assertEquals("passed", outcome(submod, "gpu.report-signature"), device.name());
            assertEquals(
                    written.get("nonce").asText(), submod.at("/claims/nonce").asText(), device.name());
        }
        assertEquals(15, taken);
    }

    @Test
    void eightGpusAndFourSwitchesOfOneMachineAreOneMachine() {
        Answer answer =
                Http.post(APPRAISALS, DeviceRequests.protectedPcie(8, 4)).ok();
        Map<String, String> composite = answer.compositeOutcomes();
        assertEquals("passed", composite.get("composite.topology"), answer.text());
        assertEquals("passed", composite.get("composite.devices-distinct"), answer.text());
        assertEquals("passed", composite.get("composite.nonces-agree"), answer.text());
        assertEquals(12, answer.json().get("submods").size());
        answer.json().get("submods").forEach(submod -> assertEquals(Set.of(), ended(submod, "failed")));
    }

    @Test
    void withoutOneOfItsSwitchesTheMachineIsNotWhole() {
        Answer answer =
                Http.post(APPRAISALS, DeviceRequests.protectedPcie(8, 3)).ok();
        assertEquals("failed", answer.compositeOutcomes().get("composite.topology"), answer.text());
        assertEquals("contraindicated", answer.json().get("status").asText());
    }

    @Test
    void withoutOneOfItsGpusTheMachineIsNotWhole() {
        Answer answer =
                Http.post(APPRAISALS, DeviceRequests.protectedPcie(7, 4)).ok();
        assertEquals("failed", answer.compositeOutcomes().get("composite.topology"), answer.text());
    }

    @Test
    void aDeviceThatStandsThereTwiceIsNoticed() {
        Capture device = Devices.named("hopper-550.90.07.report.txt");
        ObjectNode body = DeviceRequests.alone(device);
        body.withObject("/evidence").set("gpu1", DeviceRequests.device(device));
        Answer answer = Http.post(APPRAISALS, body).ok();
        assertEquals("failed", answer.compositeOutcomes().get("composite.devices-distinct"), answer.text());
    }

    @Test
    void theNonceThatTheDeviceAnsweredBindsIt() {
        for (Capture device : Devices.all()) {
            ObjectNode body = DeviceRequests.alone(device).put("binding", "nonce");
            Bytes nonce = Bytes.fromHex(device.text("spdm_request_nonce"));
            body.put("nonce", Machine.base64Url(nonce));
            JsonNode bound = submod(device, Http.post(APPRAISALS, body).ok());
            assertEquals("passed", outcome(bound, "gpu.binding"), device.name());
            body.put("nonce", Machine.base64Url(Bytes.fromHex(device.text("spdm_responder_nonce"))));
            JsonNode other = submod(device, Http.post(APPRAISALS, body).ok());
            assertEquals("failed", outcome(other, "gpu.binding"), device.name());
            assertEquals("rejected", other.get("authenticity").asText(), device.name());
        }
    }

    @Test
    void everyFieldIsShown() {
        for (Capture device : Devices.all()) {
            ObjectNode body = DeviceRequests.alone(device);
            body.retain("evidence");
            Answer answer = Http.post("/v1/evidence/show", body).ok();
            assertFalse(answer.json().get("authenticated").asBoolean());
            JsonNode fields = submod(device, answer).get("fields");
            JsonNode facts = device.expected();
            assertEquals(
                    List.of(device.text("spdm_request_nonce"), device.text("spdm_responder_nonce")),
                    shown(fields, "Nonce"));
            assertEquals(List.of(facts.get("number_of_measurements").asText()), shown(fields, "NumberOfBlocks"));
            assertEquals(
                    List.of(facts.get("measurement_record_length").asText()), shown(fields, "MeasurementRecordLength"));
            assertEquals(List.of(facts.get("opaque_length").asText()), shown(fields, "OpaqueLength"));
            long opaque = StreamSupport.stream(fields.spliterator(), false)
                    .filter(field -> field.get("structure").asText().equals("opaque data"))
                    .count();
            assertEquals(facts.get("opaque_ids").size(), opaque, device + " " + fields);
            long registers = StreamSupport.stream(fields.spliterator(), false)
                    .filter(field -> field.get("name").asText().startsWith("Measurement "))
                    .count();
            assertEquals(facts.get("number_of_measurements").asLong(), registers, device.name());
        }
    }

    private static List<String> shown(JsonNode fields, String name) {
        return StreamSupport.stream(fields.spliterator(), false)
                .filter(field -> field.get("name").asText().equals(name))
                .map(field -> field.get("value").asText())
                .toList();
    }

    @Test
    void labelsAreHeldAgainstTypes() {
        Capture device = Devices.named("hopper-550.90.07.report.txt");
        for (String label : List.of("cpu0", "nvswitch0")) {
            ObjectNode body = DeviceRequests.at(device);
            body.putObject("evidence").set(label, DeviceRequests.device(device));
            Http.post(APPRAISALS, body).invalidAt("/evidence/%s/type".formatted(label));
        }
        ObjectNode asSwitch = DeviceRequests.at(device);
        asSwitch.putObject("evidence")
                .set("nvswitch0", DeviceRequests.device(device).put("type", "nvidia-nvswitch"));
        Answer answer = Http.post(APPRAISALS, asSwitch).problem(422, "evidence-unsupported");
        assertEquals("nvswitch0", answer.json().get("submodule").asText());
    }
}
