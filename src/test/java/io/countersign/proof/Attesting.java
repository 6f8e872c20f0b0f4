package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.insecure.DemoAttester;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a machine says to a packaged service, and what it hears. */
final class Attesting {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoAttester amd;

    Attesting(DemoAttester amd) {
        this.amd = amd;
    }

    /** An answer, as far as it matters here. */
    record Said(int status, String code, boolean retryAfter, String body) {
        static Said of(HttpResponse<String> response) throws IOException {
            JsonNode json = JSON.readTree(response.body());
            return new Said(
                    response.statusCode(),
                    json.path("code").asText(),
                    response.headers().firstValue("Retry-After").isPresent(),
                    response.body());
        }

        boolean is(int expected, String expectedCode) {
            return status == expected && code.equals(expectedCode);
        }

        /** A token: the only 200 of an attestation. */
        boolean accepted() {
            return status == 200;
        }

        String nonce() throws IOException {
            return JSON.readTree(body).path("nonce").asText();
        }

        String token() throws IOException {
            return JSON.readTree(body).path("token").asText();
        }
    }

    /** A challenge for the audience of every packaged service, in base64url. */
    static String challenge(PackagedService service) throws IOException, InterruptedException {
        Said said = Said.of(askForChallenge(service));
        if (said.status() != 200) {
            throw new IllegalStateException("no challenge: " + said.body());
        }
        return said.nonce();
    }

    static HttpResponse<String> askForChallenge(PackagedService service) throws IOException, InterruptedException {
        return service.post("/v1/challenges", "{\"audience\": \"%s\"}".formatted(PackagedService.AUDIENCE));
    }

    /** The body of an attestation that meets the policy. */
    String request(String nonce) {
        Bytes bytes = Bytes.copyOf(Base64.getUrlDecoder().decode(nonce));
        Bytes reportData = new Binding(BindingMethod.COUNTERSIGN_V1, bytes, Bytes.empty())
                .expectedReportData(List.of())
                .orElseThrow();
        DemoAttester.Members members = amd.attest(reportData, UnaryOperator.identity());
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("audience", PackagedService.AUDIENCE)
                .put("nonce", nonce);
        body.putObject("evidence")
                .putObject("cpu0")
                .put("type", "sev-snp")
                .put("report", members.report())
                .put("certificates", members.certificates());
        body.putObject("endorsements").putObject("amd").put("crl", members.crl());
        return body.toString();
    }

    static Said post(PackagedService service, String request) throws IOException, InterruptedException {
        return Said.of(service.post("/v1/attestations", request));
    }
}
