package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.insecure.DemoAttester;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** A software machine with a key of its own that gets itself tokens from a running service. */
record Attester(DemoAttester amd, ECKey key) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Attester start() throws JOSEException {
        return new Attester(
                DemoAttester.start(new SecureRandom(), Instant.now()),
                new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate());
    }

    /** A token for that audience; anything else fails the test with the service's answer. */
    String token(PackagedService service, String audience) throws IOException, InterruptedException {
        return answered(200, ask(service, audience)).path("token").asText();
    }

    /** The service's answer to an attestation that meets the policy. */
    HttpResponse<String> ask(PackagedService service, String audience) throws IOException, InterruptedException {
        ObjectNode asked = JSON.createObjectNode().put("audience", audience);
        JsonNode challenge = answered(200, service.post("/v1/challenges", asked.toString()));
        return service.post("/v1/attestations", evidence(challenge.path("nonce").asText(), audience));
    }

    private static JsonNode answered(int status, HttpResponse<String> answer) throws IOException {
        // A challenge may be answered 200 or 201; what counts is that it was given.
        assertEquals(status / 100, answer.statusCode() / 100, answer.body());
        return JSON.readTree(answer.body());
    }

    private String evidence(String nonce, String audience) {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.copyOf(thumbprint()));
        var members = amd.attest(binding.expectedReportData(List.of()).orElseThrow(), UnaryOperator.identity());
        ObjectNode body = JSON.createObjectNode()
                .put("audience", audience)
                .put("nonce", nonce)
                .put("binding", BindingMethod.COUNTERSIGN_V1.word());
        body.set("key", JSON.valueToTree(key.toPublicJWK().toJSONObject()));
        body.putObject("evidence")
                .putObject("cpu0")
                .put("type", "sev-snp")
                .put("report", members.report())
                .put("certificates", members.certificates());
        body.putObject("endorsements").putObject("amd").put("crl", members.crl());
        return body.toString();
    }

    private byte[] thumbprint() {
        try {
            return key.computeThumbprint().decode();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
