package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.DemoAttester;
import io.countersign.proof.Attesting.Said;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A packaged service to which everything happens that its metrics can tell of. */
final class EverythingHappens implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "a-secret-of-thirty-two-letters-01";

    /** Nothing may run the image that everything runs. */
    private static final String STRICT = """
            policy: %s
            version: "1"
            summary: No image is approved that the machines of the laboratory run.
            %s
            extends: [baseline]
            accept: { freshness: [challenge, caller] }
            references:
              other_images:
                claim: launch_measurement
                note: another laboratory's image
                expires: 2040-01-01T00:00:00Z
                values: ["%s"]
            rules:
              - name: another image is approved
                for: cpu
                require: cpu.launch_measurement in references.other_images
                sets: executables
                because: Only the other image may hold the key.
                hint: Boot the other image.
            """;

    /** Its names are a stranger's. */
    private static final String DRAFT = """
            policy: stranger
            version: "1"
            summary: A stranger wrote this.
            expect: { cpu: { types: [sev-snp] } }
            rules:
              - name: the stranger's rule
                for: cpu
                require: cpu.debug
                sets: configuration
                because: The stranger says so.
                hint: Do what the stranger says.
            """;

    private final DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
    private final Attesting machine = new Attesting(amd);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final PackagedService service;

    private EverythingHappens() throws IOException, InterruptedException {
        LaboratoryKds kds = LaboratoryKds.start(
                amd.attest(Bytes.copyOf(new byte[64]), UnaryOperator.identity()).crl());
        opened.add(kds);
        Path recordings = Files.createTempDirectory("countersign-proof-");
        Path audit = Files.createTempDirectory("countersign-proof-");
        var settings = new HashMap<>(
                Map.of("countersign.audit.to", audit.toString(), "countersign.early-warning.enabled", "true"));
        settings.putAll(Map.of(
                "countersign.collateral.offline",
                "false",
                "countersign.collateral.amd-kds-url",
                kds.url(),
                "countersign.collateral.budget.chips",
                "1",
                "countersign.audiences.kms.policies",
                PackagedService.POLICY + ",strict",
                "countersign.callers.kms.secret-sha256",
                Bytes.utf8(SECRET).sha256().toString(),
                "countersign.callers.kms.audiences",
                "kms",
                "countersign.recording.dir",
                recordings.toString(),
                "countersign.policies.poll",
                "1s"));
        service = PackagedService.start(amd, settings);
        opened.addFirst(service);
    }

    static EverythingHappens start() throws IOException, InterruptedException {
        var happening = new EverythingHappens();
        try {
            happening.happen();
            return happening;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            happening.close();
            throw e;
        }
    }

    PackagedService service() {
        return service;
    }

    private void happen() throws IOException, InterruptedException {
        Path policies = service.folder().resolve("policies");
        String never = "00".repeat(47) + "01";
        Files.writeString(policies.resolve("strict.yaml"), STRICT.formatted("strict", "", never));
        Files.writeString(policies.resolve("trial.yaml"), STRICT.formatted("trial", "shadow-of: proof", never));
        Files.writeString(policies.resolve("broken.yaml"), "policy: broken\nversion: 1\nrequire: [\n");
        awaitPolicy("strict");

        String nonce = Attesting.challenge(service);
        Said accepted = Attesting.post(service, without(machine.request(nonce), "endorsements"));
        assertEquals(200, accepted.status(), accepted.body());
        Said next = Attesting.post(service, without(machine.request(Attesting.challenge(service)), "endorsements"));
        assertEquals(200, next.status(), next.body());
        assertEquals(409, Attesting.post(service, machine.request(nonce)).status());
        Said refused = Attesting.post(service, changed(machine.request(challengeFor("strict")), "policy", "strict"));
        assertEquals(403, refused.status(), refused.body());
        HttpResponse<String> told = service.postForm(
                "/v1/tokens/introspect", "token=" + accepted.token(), "Authorization", "Bearer " + SECRET);
        assertEquals(200, told.statusCode(), told.body());
        String appraisal = without(machine.request(nonce), "audience", "nonce");
        assertEquals(200, service.post("/v1/appraisals", appraisal).statusCode());
        assertEquals(
                200,
                service.post("/v1/appraisals/batch", "{\"appraisals\": [%s, {}]}".formatted(appraisal))
                        .statusCode());
        HttpResponse<String> draft = service.post("/v1/appraisals", changed(appraisal, "policy_source", DRAFT));
        assertEquals(200, draft.statusCode(), draft.body());
        for (int chip = 1; chip <= 3; chip++) {
            assertEquals(200, service.post("/v1/appraisals", ofUnknown(chip)).statusCode());
        }
        service.get("/v1/nothing-here");
    }

    private void awaitPolicy(String id) throws IOException, InterruptedException {
        for (int look = 0; look < 100; look++) {
            if (service.get("/v1/policies/" + id).statusCode() == 200) {
                return;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("the policy did not load; the log:\n" + service.log());
    }

    private String challengeFor(String policy) throws IOException, InterruptedException {
        HttpResponse<String> answer = service.post(
                "/v1/challenges",
                "{\"audience\": \"%s\", \"policy\": \"%s\"}".formatted(PackagedService.AUDIENCE, policy));
        return Said.of(answer).nonce();
    }

    /** Evidence of a machine whose certificate nobody has. */
    private String ofUnknown(int number) {
        byte[] chip = new byte[64];
        chip[0] = (byte) number;
        var members = amd.attest(Bytes.copyOf(new byte[64]), report -> report.chipId(Bytes.copyOf(chip)));
        ObjectNode body = JSON.createObjectNode();
        body.putObject("evidence").putObject("cpu0").put("type", "sev-snp").put("report", members.report());
        return body.toString();
    }

    static String without(String request, String... members) throws IOException {
        ObjectNode body = (ObjectNode) JSON.readTree(request);
        body.remove(List.of(members));
        return body.toString();
    }

    static String changed(String request, String member, String value) throws IOException {
        return ((ObjectNode) JSON.readTree(request)).put(member, value).toString();
    }

    @Override
    public void close() {
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
