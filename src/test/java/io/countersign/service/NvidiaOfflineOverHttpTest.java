package io.countersign.service;

import static io.countersign.service.FedByNvidia.KEY_SERVICE;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.insecure.SoftwareGpu;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A service that never leaves the machine and has what an operator put into its folder. */
@QuarkusTest
@TestProfile(NvidiaOffline.class)
class NvidiaOfflineOverHttpTest {
    private static Answer attest(SoftwareGpu gpu) {
        return Http.post(ATTESTATIONS, GpuMachine.with(gpu).attestation(KEY_SERVICE, "gpus"));
    }

    private static JsonNode check(Answer answer, String code) {
        return StreamSupport.stream(answer.json().at("/submods/gpu0/checks").spliterator(), false)
                .filter(each -> each.get("code").asText().equals(code))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGpuWhoseRimsAndAnswersAreThereGetsAToken() {
        Answer answer = attest(NvidiaOffline.PROVIDED).ok();
        assertEquals(1, Token.read(answer).claims().get("countersign_gpu_count").intValue());
        assertEquals(
                "good", answer.json().at("/submods/gpu0/claims/ocsp_status").asText());
    }

    @Test
    void aGpuThatNobodyPutAnAnswerAboutInPlaceIsRefusedAndNoOutage() {
        Answer answer = attest(NvidiaOffline.UNKNOWN).problem(403, "appraisal-refused");
        JsonNode check = check(answer, "gpu.revocation");
        assertEquals("undetermined", check.get("outcome").asText());
        SoftwareGpu gpu = NvidiaOffline.UNKNOWN;
        String name =
                GpuFolder.ocspName(gpu.chip().chain().get(1), gpu.chip().chain().get(2));
        assertTrue(check.get("missing").asText().contains("nvidia/ocsp/device/" + name), check::toString);
        assertEquals("passed", check(answer, "gpu.measurements").get("outcome").asText());
    }

    @Test
    void aMissingRimIsNamedByItsFile() {
        Answer answer = attest(NvidiaOffline.WITHOUT_RIM).problem(403, "appraisal-refused");
        JsonNode check = check(answer, "gpu.driver-rim");
        assertEquals("undetermined", check.get("outcome").asText());
        assertTrue(
                check.get("missing").asText().contains("nvidia/rims/NV_GPU_DRIVER_GH100_580.82.08.xml"),
                check::toString);
    }
}
