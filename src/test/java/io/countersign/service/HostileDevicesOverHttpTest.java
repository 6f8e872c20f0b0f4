package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody sends who wants the service to fail, to hang or to work for nothing. The GPU in it is genuine here, as anybody
 * may copy the evidence of one.
 */
@QuarkusTest
@TestProfile(Laboratory.class)
class HostileDevicesOverHttpTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final SoftwareGpu GPU = NVIDIA.h100("of hostile requests");
    private static final Bytes REPORT =
            GPU.report(Bytes.utf8("whatever was asked").sha256());
    private static final String RIM = SoftwareRim.driver(NVIDIA, GPU.board()).xml();

    /** Far more than any of these takes, even on a busy machine. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static ObjectNode device() {
        return JSON.objectNode()
                .put("type", "nvidia-gpu")
                .put("evidence", Machine.base64(REPORT))
                .put("certificate", Machine.base64(Bytes.utf8(GPU.chip().chainPem())));
    }

    private static ObjectNode body() {
        return JSON.objectNode()
                .put("policy", "baseline")
                .put("binding", "none")
                .put("at", NVIDIA.asOf().toString());
    }

    private static ObjectNode withGpu() {
        return withGpus(1);
    }

    /** The same GPU under many labels. */
    private static ObjectNode withGpus(int count) {
        ObjectNode body = body();
        for (int i = 0; i < count; i++) {
            body.withObject("/evidence").set("gpu" + i, device());
        }
        return body;
    }

    private static Answer timed(String what, ObjectNode body) {
        String text = body.toString();
        long begin = System.nanoTime();
        Answer answer = Http.post(APPRAISALS, text);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(LONGEST) < 0, () -> what + " took " + took);
        return answer;
    }

    private static JsonNode check(Answer answer, String code) {
        return StreamSupport.stream(answer.json().at("/submods/gpu0/checks").spliterator(), false)
                .filter(each -> each.get("code").asText().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer.text()));
    }

    private static String outcome(Answer answer, String code) {
        return check(answer, code).get("outcome").asText();
    }

    @Test
    void aMemberOfTheWrongTypeIsRefusedAtItsPlace() {
        for (String member : List.of("type", "evidence", "certificate", "arch")) {
            for (JsonNode odd : List.of(
                    JSON.numberNode(17),
                    JSON.booleanNode(true),
                    JSON.nullNode(),
                    JSON.arrayNode().add("AAAA"),
                    JSON.objectNode())) {
                ObjectNode body = withGpu();
                body.withObject("/evidence/gpu0").set(member, odd);
                Http.post(APPRAISALS, body).invalidAt("/evidence/gpu0/" + member);
            }
        }
    }

    @Test
    void whatNvidiasToolsWriteBesideIsNotReadWhateverItIs() {
        for (String member : List.of("nonce", "version", "driver_version", "vbios_version", "uuid")) {
            for (JsonNode odd : List.of(
                    JSON.numberNode(17),
                    JSON.nullNode(),
                    JSON.textNode("\u0000"),
                    JSON.arrayNode().add("x"),
                    JSON.objectNode())) {
                ObjectNode body = withGpu();
                body.withObject("/evidence/gpu0").set(member, odd);
                Answer answer = Http.post(APPRAISALS, body).ok();
                assertEquals("passed", outcome(answer, "gpu.report-signature"), answer.text());
            }
        }
    }

    @Test
    void anyOtherMemberIsRefused() {
        ObjectNode body = withGpu();
        body.withObject("/evidence/gpu0").put("certificates", "AAAA");
        Http.post(APPRAISALS, body).invalidAt("/evidence/gpu0/certificates");
        assertNotEquals(Set.of(), PublishedSchemas.misfits("request", "#/$defs/appraisal-request", body));
        body = withGpu();
        body.withObject("/endorsements/nvidia").put("rim", "AAAA");
        Http.post(APPRAISALS, body).invalidAt("/endorsements/nvidia/rim");
        assertNotEquals(Set.of(), PublishedSchemas.misfits("request", "#/$defs/appraisal-request", body));
    }

    @Test
    void endorsementsOfTheWrongTypeAreRefusedAtTheirPlace() {
        for (String list : List.of("ocsp", "crls")) {
            for (JsonNode odd :
                    List.of(JSON.numberNode(1), JSON.nullNode(), JSON.textNode("AAAA"), JSON.objectNode())) {
                ObjectNode body = withGpu();
                body.withObject("/endorsements/nvidia").set(list, odd);
                Http.post(APPRAISALS, body).invalidAt("/endorsements/nvidia/" + list);
            }
        }
        for (JsonNode odd :
                List.of(JSON.numberNode(1), JSON.nullNode(), JSON.textNode(""), JSON.textNode("<SoftwareIdentity/>"))) {
            ObjectNode body = withGpu();
            body.withObject("/endorsements/nvidia").putArray("ocsp").add("AAAA").add(odd);
            Http.post(APPRAISALS, body).invalidAt("/endorsements/nvidia/ocsp/1");
        }
        for (JsonNode odd : List.of(JSON.numberNode(1), JSON.nullNode(), JSON.textNode(""), JSON.objectNode())) {
            ObjectNode body = withGpu();
            body.withObject("/endorsements/nvidia/rims").set("a/b~c", odd);
            Http.post(APPRAISALS, body).invalidAt("/endorsements/nvidia/rims/a~1b~0c");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "../../etc/passwd",
                "NV_GPU_DRIVER_GH100_../../x",
                "a\u0000b",
                "\ud83d\ude00",
                "\ud800",
                "nvidia.rims.",
                "%2e%2e%2f",
                "{0}%s%n"
            })
    void aRimUnderAnIdThatNoDeviceAsksForIsLeftAlone(String id) {
        ObjectNode body = withGpu();
        body.withObject("/endorsements/nvidia/rims").put(id, RIM);
        Answer answer = Http.post(APPRAISALS, body.toString()).ok();
        assertEquals("undetermined", outcome(answer, "gpu.driver-rim"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<",
                "<html>please log in</html>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
                "<SoftwareIdentity/>",
                "<a>\ud800</a>",
                "<a>\u0000</a>",
                "AAAA"
            })
    void aRimThatIsNoneFails(String rim) {
        ObjectNode body = withGpu();
        body.withObject("/endorsements/nvidia/rims").put(GPU.board().driverRimId(), rim);
        Answer answer = Http.post(APPRAISALS, body.toString()).ok();
        assertEquals("failed", outcome(answer, "gpu.driver-rim"));
        assertEquals("undetermined", outcome(answer, "gpu.measurements"));
    }

    @Test
    void hugeTextsAreRefused() {
        String huge = "A".repeat(3_000_000);
        ObjectNode body = withGpu();
        body.withObject("/evidence/gpu0").put("evidence", huge);
        timed("huge report", body).problem(422, "evidence-malformed");
        body = withGpu();
        body.withObject("/evidence/gpu0").put("certificate", "-----BEGIN " + huge);
        timed("huge chain", body).problem(422, "evidence-malformed");
        body = withGpu();
        body.withObject("/evidence/gpu0").put("arch", huge);
        timed("huge arch", body).problem(422, "evidence-malformed");
        body = withGpu();
        body.withObject("/endorsements/nvidia/rims").put(GPU.board().driverRimId(), "<a>" + huge + "</a>");
        assertEquals("failed", outcome(timed("huge RIM", body).ok(), "gpu.driver-rim"));
        body = withGpu();
        body.withObject("/endorsements/nvidia").putArray("ocsp").add(huge);
        assertEquals("failed", outcome(timed("huge answer", body).ok(), "gpu.revocation"));
    }

    @Test
    void aChainOfVeryManyCertificatesIsRefused() {
        String leaf = GPU.chip().chainPem();
        String end = "-----END CERTIFICATE-----\n";
        String one = leaf.substring(0, leaf.indexOf(end) + end.length());
        ObjectNode body = withGpu();
        body.withObject("/evidence/gpu0").put("certificate", one.repeat(32 * 1024 / one.length()));
        assertEquals("failed", outcome(timed("many certificates", body).ok(), "gpu.certificate-chain"));
        body = withGpu();
        body.withObject("/evidence/gpu0").put("certificate", "-----BEGIN CERTIFICATE-----\n".repeat(1100));
        assertTrue(timed("only beginnings", body).status() < 500);
    }

    @Test
    void aThousandAnswersAreNoAnswer() {
        ObjectNode body = withGpu();
        ArrayNode answers = body.withObject("/endorsements/nvidia").putArray("ocsp");
        for (int i = 0; i < 1000; i++) {
            answers.add(Machine.base64(Bytes.utf8("answer " + i)));
        }
        assertEquals("failed", outcome(timed("1000 answers", body).ok(), "gpu.revocation"));
    }

    @Test
    void sixtyFourDevicesThatAreOneAreAnsweredInTime() {
        Answer answer = timed("64 devices", withGpus(64)).ok();
        assertEquals("failed", answer.compositeOutcomes().get("composite.devices-distinct"));
    }

    /** Each device looks at all of them, so this is where a request may cost most. */
    @Test
    void sixtyFourDevicesAndVeryManyForgedRimsAreAnsweredInTime() {
        ObjectNode body = withGpus(64);
        ArrayNode rims = body.withObject("/endorsements/nvidia/rims")
                .putArray(GPU.board().driverRimId());
        IntStream.range(0, 100)
                .mapToObj(i -> RIM.replaceFirst("tagId=\"....", "tagId=\"%04d".formatted(i)))
                .forEach(rims::add);
        assertEquals(
                "failed", outcome(timed("64 devices, 100 forged RIMs", body).ok(), "gpu.driver-rim"));
    }

    @Test
    void sixtyFourDevicesAndAHugeForgedListAreAnsweredInTime() {
        ObjectNode body = withGpus(64);
        SoftwareCrl list = NVIDIA.rootCrlDraft().signedBy(SoftwareNvidias.key("anybody's"));
        for (int i = 0; i < 40_000; i++) {
            list.revoking(i + 1L);
        }
        body.withObject("/endorsements/nvidia").putArray("crls").add(Machine.base64(list.der()));
        assertEquals(
                "failed", outcome(timed("64 devices, a huge forged list", body).ok(), "gpu.revocation"));
    }

    @Test
    void sixtyFourDevicesAndVeryManyForgedAnswersAreAnsweredInTime() {
        ObjectNode body = withGpus(64);
        ArrayNode answers = body.withObject("/endorsements/nvidia").putArray("ocsp");
        for (int i = 0; i < 256; i++) {
            int number = i;
            answers.add(Machine.base64(NVIDIA.answersAbout(GPU.chip())
                    .getFirst()
                    .producedAt(NVIDIA.asOf().minusSeconds(number))
                    .signature(signature -> signature.reversed())
                    .der()));
        }
        assertEquals(
                "failed", outcome(timed("64 devices, 256 forged answers", body).ok(), "gpu.revocation"));
    }
}
