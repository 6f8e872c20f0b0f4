package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are of the wrong type, length, encoding or range, each told with its place. */
@QuarkusTest
@TestProfile(Laboratory.class)
class RequestMembersTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static Stream<Arguments> placesAndWrongTypes() {
        List<JsonNode> notText = List.of(
                JSON.numberNode(17),
                JSON.booleanNode(true),
                JSON.nullNode(),
                JSON.arrayNode().add("x"),
                JSON.objectNode());
        List<JsonNode> notObjects = List.of(JSON.textNode("x"), JSON.numberNode(1), JSON.nullNode(), JSON.arrayNode());
        return Stream.concat(
                Stream.of(
                                "/policy",
                                "/policy_digest",
                                "/audience",
                                "/nonce",
                                "/binding",
                                "/at",
                                "/evidence/cpu0/type",
                                "/evidence/cpu0/report",
                                "/evidence/cpu0/certificates",
                                "/endorsements/amd/crl",
                                "/endorsements/amd/certificates",
                                "/endorsements/intel/tcb_info",
                                "/endorsements/intel/pck_crl")
                        .flatMap(place -> notText.stream().map(value -> Arguments.of(place, value))),
                Stream.of(
                                "/evidence",
                                "/evidence/cpu0",
                                "/endorsements",
                                "/endorsements/amd",
                                "/key",
                                "/endorsements/nvidia/rims")
                        .flatMap(place -> notObjects.stream().map(value -> Arguments.of(place, value))));
    }

    @ParameterizedTest
    @MethodSource("placesAndWrongTypes")
    void aValueOfTheWrongTypeIsRefusedAtItsPlace(String place, JsonNode value) {
        ObjectNode body = RequestBodies.appraisal();
        int cut = place.lastIndexOf('/');
        ObjectNode parent = cut == 0 ? body : body.withObject(place.substring(0, cut));
        parent.set(place.substring(cut + 1), value);
        Http.post(APPRAISALS, body).invalidAt(place);
    }

    @Test
    void whatIsRequiredMustBeThere() {
        ObjectNode body = RequestBodies.appraisal();
        RequestBodies.cpu(body).remove("report");
        Http.post(APPRAISALS, body).invalidAt("/evidence/cpu0/report");
        body = RequestBodies.appraisal();
        RequestBodies.cpu(body).remove("type");
        Http.post(APPRAISALS, body).invalidAt("/evidence/cpu0/type");
        for (String member : List.of("audience", "nonce", "evidence")) {
            body = RequestBodies.attestation();
            body.remove(member);
            Http.post(ATTESTATIONS, body).invalidAt("/" + member);
        }
        body = RequestBodies.appraisal();
        body.remove("nonce");
        Http.post(APPRAISALS, body).invalidAt("/nonce");
        Http.post(ATTESTATIONS, RequestBodies.attestation().put("binding", "none"))
                .invalidAt("/binding");
    }

    @Test
    void bothAlphabetsOfBase64AreReadPaddedOrNot() {
        byte[] report = Base64.getUrlDecoder()
                .decode(RequestBodies.cpu(RequestBodies.appraisal())
                        .get("report")
                        .asText());
        for (Base64.Encoder encoder : List.of(
                Base64.getEncoder(),
                Base64.getEncoder().withoutPadding(),
                Base64.getUrlEncoder(),
                Base64.getUrlEncoder().withoutPadding())) {
            ObjectNode body = RequestBodies.appraisal();
            RequestBodies.cpu(body).put("report", encoder.encodeToString(report));
            assertEquals(
                    "genuine",
                    Http.post(APPRAISALS, body).ok().cpu().get("authenticity").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AAAA+AAA-AAA", // both alphabets
                "AAAA/AAA_AAA",
                "AAAAAAAAA", // a length that nothing encodes to
                "AAA=AAAA", // padding within
                "AAAAAAA==", // too much of it
                "AAAAAAAA=",
                "AAAAAAAA====",
                "=",
                "AAAAAA=", // too little
                "AAAA AAAA",
                "AAAA\nAAAA",
                " AAAAAAAA",
                "AAAAAAAA\n",
                "AAAAAB", // last bits that are not zero
                "AAAAAAAAAB==",
                "AAAAAAB=",
                "AAAAA*AA",
                "AAAA\u00e9AAA",
                "data:;base64,AAAA",
            })
    void anythingElseIsNotBase64(String text) {
        for (String place :
                List.of("/nonce", "/evidence/cpu0/report", "/evidence/cpu0/certificates", "/endorsements/amd/crl")) {
            ObjectNode body = RequestBodies.appraisal();
            int cut = place.lastIndexOf('/');
            ObjectNode parent = cut == 0 ? body : body.withObject(place.substring(0, cut));
            parent.put(place.substring(cut + 1), text);
            Http.post(APPRAISALS, body).invalidAt(place);
        }
    }

    @Test
    void aNonceHas16To64Bytes() {
        for (int length : List.of(16, 17, 32, 48, 63, 64)) {
            Http.post(APPRAISALS, RequestBodies.appraisal().put("nonce", nonce(length)))
                    .ok();
        }
        for (int length : List.of(0, 1, 15, 65, 1000)) {
            Http.post(
                            APPRAISALS,
                            RequestBodies.appraisal()
                                    .put("nonce", nonce(length))
                                    .toString())
                    .invalidAt("/nonce");
        }
    }

    @Test
    void withTheBindingNonceItHas32Or64() {
        for (int length : List.of(32, 64)) {
            Http.post(
                            APPRAISALS,
                            RequestBodies.appraisal().put("binding", "nonce").put("nonce", nonce(length)))
                    .ok();
        }
        for (int length : List.of(16, 31, 33, 48, 63)) {
            Http.post(
                            APPRAISALS,
                            RequestBodies.appraisal().put("binding", "nonce").put("nonce", nonce(length)))
                    .invalidAt("/nonce");
        }
    }

    private static String nonce(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Nonce", "countersign-v2", "countersign-v1 ", "NONE"})
    void anotherBindingIsRefused(String word) {
        Http.post(APPRAISALS, RequestBodies.appraisal().put("binding", word)).invalidAt("/binding");
    }

    @Test
    void withoutANonceNothingIsBoundAndWithOneCountersignV1Is() {
        Answer unbound = Http.post(APPRAISALS, RequestBodies.unbound()).ok();
        assertEquals("undetermined", unbound.outcomes().get("snp.binding"));
        assertEquals("undetermined", unbound.compositeOutcomes().get("composite.binding"));
        assertEquals("none", unbound.json().get("status").asText());
        ObjectNode silent = RequestBodies.appraisal();
        silent.remove("binding");
        assertEquals("passed", Http.post(APPRAISALS, silent).ok().outcomes().get("snp.binding"));
        Answer none = Http.post(APPRAISALS, RequestBodies.appraisal().put("binding", "none"))
                .ok();
        assertEquals("undetermined", none.outcomes().get("snp.binding"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2014-12-31T23:59:59Z",
                "2101-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "2026-06-01",
                "2026-06-01T00:00:00",
                "2026-06-01 00:00:00Z",
                "2026-06-01T00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-06-01T24:00:00Z",
                "2026-06-01T00:00:61Z",
                "+12026-06-01T00:00:00Z",
                "1780272000",
                "",
                "now",
                "2026-06-01T00:00:00+25:00",
                "2014-12-31T23:59:59+00:01",
                "2026-06-01T00:00:00.1234567890Z",
            })
    void anotherTimeIsRefused(String at) {
        Http.post(APPRAISALS, RequestBodies.appraisal().put("at", at)).invalidAt("/at");
    }

    @ParameterizedTest
    @CsvSource({
        "2015-01-01T00:00:00Z, 2015-01-01T00:00:00Z",
        "2100-12-31T23:59:59Z, 2100-12-31T23:59:59Z",
        "2026-06-01T02:00:00+02:00, 2026-06-01T00:00:00Z",
        "2026-06-01T00:00:00.250Z, 2026-06-01T00:00:00.250Z",
        "2026-06-01t00:00:00z, 2026-06-01T00:00:00Z",
    })
    void theEvaluationTimeIsToldInUtc(String at, String told) {
        Answer answer =
                Http.post(APPRAISALS, RequestBodies.appraisal().put("at", at)).ok();
        assertEquals(told, answer.json().get("evaluated_at").asText());
    }

    @Test
    void aDraftStandsInsteadOfAPolicyNotBesideIt() {
        Http.post(APPRAISALS, RequestBodies.appraisal().put("policy_source", "policy: draft"))
                .invalidAt("/policy_source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:00", "SHA256:", "md5:00", "sha256:zz"})
    void aPolicyDigestHasOneForm(String start) {
        Http.post(APPRAISALS, RequestBodies.appraisal().put("policy_digest", start))
                .invalidAt("/policy_digest");
        String upper = "sha256:" + "AB".repeat(32);
        Http.post(APPRAISALS, RequestBodies.appraisal().put("policy_digest", upper))
                .invalidAt("/policy_digest");
    }

    @Test
    void namesAreNeitherEmptyNorEndless() {
        for (String name : List.of("", "x".repeat(513))) {
            Http.post(APPRAISALS, RequestBodies.appraisal().put("policy", name)).invalidAt("/policy");
            Http.post(APPRAISALS, RequestBodies.appraisal().put("audience", name))
                    .invalidAt("/audience");
        }
    }
}
