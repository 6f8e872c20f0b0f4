package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which devices a request may hold, and what is said about a type, version or length that is not read. */
@QuarkusTest
@TestProfile(Laboratory.class)
class RequestLabelsTest {
    @Test
    void atLeastOneDeviceIsThere() {
        ObjectNode body = RequestBodies.appraisal();
        body.putObject("evidence");
        Http.post(APPRAISALS, body).invalidAt("/evidence");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu00",
                "cpu01",
                "cpu",
                "cpu-0",
                "CPU0",
                "gpu00",
                "gpu07",
                "tpm0",
                "nvswitch",
                "0",
                "",
                "cpu0 ",
                "gpu٠",
                "a/b~c",
                "gpu99999999999999999999",
            })
    void anotherLabelIsRefused(String label) {
        ObjectNode body = RequestBodies.appraisal();
        body.withObject("/evidence").set(label, RequestBodies.cpu(body).deepCopy());
        Http.post(APPRAISALS, body)
                .invalidAt("/evidence/" + label.replace("~", "~0").replace("/", "~1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu1", "nvswitch1", "gpu63", "cpu2"})
    void labelsHaveNoGaps(String label) {
        ObjectNode body = RequestBodies.appraisal();
        body.withObject("/evidence").putObject(label).put("type", "nvidia-gpu");
        Http.post(APPRAISALS, body).invalidAt("/evidence/" + label);
    }

    @Test
    void thereIsOneCpu() {
        ObjectNode body = RequestBodies.appraisal();
        body.withObject("/evidence").set("cpu1", RequestBodies.cpu(body).deepCopy());
        Http.post(APPRAISALS, body).invalidAt("/evidence/cpu1");
    }

    @Test
    void aCpusEvidenceUnderAGpusLabelIsRefused() {
        ObjectNode body = RequestBodies.appraisal();
        body.withObject("/evidence").set("gpu0", RequestBodies.cpu(body).deepCopy());
        Http.post(APPRAISALS, body).invalidAt("/evidence/gpu0/type");
        ObjectNode alone = RequestBodies.appraisal();
        alone.putObject("evidence").set("nvswitch0", RequestBodies.cpu(RequestBodies.appraisal()));
        Http.post(APPRAISALS, alone).invalidAt("/evidence/nvswitch0/type");
    }

    @Test
    void sixtyFourDevicesAreReadAndOneMoreIsNot() {
        // With 64 the complaint is about the first report, which has three bytes; with 65 about the number of devices.
        Http.post(APPRAISALS, withGpus(63).toString()).problem(422, "evidence-unsupported");
        Http.post(APPRAISALS, withGpus(64).toString()).invalidAt("/evidence");
    }

    private static ObjectNode withGpus(int count) {
        ObjectNode body = RequestBodies.appraisal();
        for (int i = 0; i < count; i++) {
            body.withObject("/evidence")
                    .putObject("gpu" + i)
                    .put("type", "nvidia-gpu")
                    .put("evidence", "AAAA")
                    .put("certificate", "AAAA");
        }
        return body;
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure-sev-snp-vtpm", "azure-tdx-vtpm", "SEV-SNP", "", "sev"})
    void aTypeThatIsNotReadIsUnsupported(String type) {
        ObjectNode body = RequestBodies.appraisal();
        RequestBodies.cpu(body).removeAll().put("type", type).put("quote", "AAAA");
        Answer answer = Http.post(APPRAISALS, body).problem(422, "evidence-unsupported");
        assertEquals("cpu0", answer.json().get("submodule").asText());
        assertEquals(false, answer.json().get("structure").asText().isEmpty());
        Http.post("/v1/evidence/show", RequestBodies.evidenceOf(body)).problem(422, "evidence-unsupported");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 255})
    void aReportVersionThatIsNotKnownIsUnsupported(int version) {
        ObjectNode body = RequestBodies.appraisal();
        byte[] report = Base64.getUrlDecoder()
                .decode(RequestBodies.cpu(body).get("report").asText());
        report[0] = (byte) version;
        RequestBodies.cpu(body).put("report", Base64.getUrlEncoder().encodeToString(report));
        Answer answer = Http.post(APPRAISALS, body).problem(422, "evidence-unsupported");
        assertEquals("ATTESTATION_REPORT", answer.json().get("structure").asText());
    }

    @Test
    void aReportOfAnotherLengthIsMalformedWhereItEnds() {
        byte[] report = Base64.getUrlDecoder()
                .decode(RequestBodies.cpu(RequestBodies.appraisal())
                        .get("report")
                        .asText());
        for (int length : List.of(0, 1, 4, 1183, 1185, 1204, 4000, 70_000)) {
            ObjectNode body = RequestBodies.appraisal();
            RequestBodies.cpu(body)
                    .put("report", Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(report, length)));
            Answer answer = Http.post(APPRAISALS, body.toString()).problem(422, "evidence-malformed");
            assertEquals("cpu0", answer.json().get("submodule").asText());
            assertEquals(true, answer.json().get("offset").isIntegralNumber(), answer.text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AAAA",
                "-----BEGIN",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "MAAA",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
            })
    void certificatesThatAreNoneAreMalformedOrFail(String certificates) {
        ObjectNode body = RequestBodies.appraisal();
        RequestBodies.cpu(body).put("certificates", certificates);
        Answer answer = Http.post(APPRAISALS, body.toString());
        if (answer.status() == 200) {
            assertEquals("rejected", answer.cpu().get("authenticity").asText(), answer.text());
        } else {
            answer.problem(422, "evidence-malformed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/endorsements/amd/certificates", "/endorsements/amd/crl"})
    void whatIsOptionalIsLeftOutAndNotEmpty(String place) {
        ObjectNode body = RequestBodies.appraisal();
        int cut = place.lastIndexOf('/');
        body.withObject(place.substring(0, cut)).put(place.substring(cut + 1), "");
        Http.post(APPRAISALS, body).invalidAt(place);
    }

    @Test
    void anEmptyCertificateTableBringsNothing() {
        ObjectNode body = RequestBodies.appraisal();
        RequestBodies.cpu(body).put("certificates", "");
        Answer answer = Http.post(APPRAISALS, body);
        assertEquals(200, answer.status(), answer.text());
        assertEquals("undetermined", answer.cpu().get("authenticity").asText(), answer.text());
    }
}
