package io.countersign.insecure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.insecure.DemoService.Answer;
import io.countersign.insecure.DemoService.DemoException;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Shows the whole way once, from challenge to token and to a refusal, with a machine that exists only in software. */
public final class Demo {
    private static final String AUDIENCE = "https://kms.example";

    private enum Ending {
        AS_IT_SHOULD("The first got a token, the second a reason."),
        ANOTHER("This is not how the demo should end: the first should have been 200, the second 403.");

        private final String sentence;

        Ending(String sentence) {
            this.sentence = sentence;
        }
    }

    private final DemoAttester attester;
    private final DemoService service;
    private final DemoPrinter printer;

    private Demo(DemoAttester attester, DemoService service, DemoPrinter printer) {
        this.attester = attester;
        this.service = service;
        this.printer = printer;
    }

    public static void main(String[] arguments) throws InterruptedException {
        // The service's log manager stands on the class path too, and complains unless it is chosen before the first
        // log.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        var printer = new DemoPrinter(System.out, terminal());
        printer.line(
                "This is a demonstration. A program plays the part of an AMD machine, under laboratory anchors that it");
        printer.line(
                "made a moment ago. Nothing below proves anything about any hardware. The service is the real one.");
        try {
            if (run(printer, List.of(arguments).contains("--stay")) == Ending.ANOTHER) {
                System.exit(1);
            }
        } catch (DemoException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (IOException | JOSEException e) {
            System.err.println("The demo could not go on: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Colours only for people: not into pipes and files, and not where NO_COLOR asks for none. */
    private static boolean terminal() {
        return System.getenv("NO_COLOR") == null
                && Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent();
    }

    private static Ending run(DemoPrinter printer, boolean stay)
            throws IOException, InterruptedException, JOSEException, DemoException {
        var attester = DemoAttester.start(new SecureRandom(), Instant.now());
        try (var service = DemoService.start(attester.anchorsPem(), policy(attester.measurement()), AUDIENCE)) {
            var demo = new Demo(attester, service, printer);
            printer.heading("1. A machine asks for a token, with a key that its report commits to");
            Answer granted = demo.attest(UnaryOperator.identity(), DemoPrinter.Detail.EVERYTHING);
            printer.heading("2. The same machine, launched so that its host may debug it");
            Answer refused = demo.attest(report -> report.policyDebug(true), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
            Ending ending = granted.status() == 200 && refused.status() == 403 ? Ending.AS_IT_SHOULD : Ending.ANOTHER;
            printer.heading(ending.sentence);
            if (stay) {
                demo.stay(granted);
            }
            return ending;
        }
    }

    private Answer attest(UnaryOperator<SoftwareReport> changes, DemoPrinter.Detail detail)
            throws IOException, InterruptedException, JOSEException, DemoException {
        Answer challenge = service.post(
                "/v1/challenges", JsonNodeFactory.instance.objectNode().put("audience", AUDIENCE));
        String nonce = challenge.body().path("nonce").asText("");
        if (nonce.isEmpty()) {
            throw new DemoException(
                    "The service gave no challenge: HTTP " + challenge.status() + " " + challenge.body());
        }
        printer.line("challenge: " + nonce);
        ECKey key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Answer answer = service.post("/v1/attestations", request(nonce, key, changes));
        printer.verdict(answer, detail);
        JsonNode token = answer.body().path("token");
        if (token.isTextual()) {
            printer.token(token.textValue());
        }
        return answer;
    }

    private ObjectNode request(String nonce, ECKey key, UnaryOperator<SoftwareReport> changes) throws JOSEException {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.copyOf(key.computeThumbprint().decode()));
        var members = attester.attest(binding.expectedReportData(List.of()).orElseThrow(), changes);
        var request = JsonNodeFactory.instance
                .objectNode()
                .put("audience", AUDIENCE)
                .put("nonce", nonce)
                .put("binding", binding.method().word());
        key.toJSONObject().forEach((name, value) -> request.withObject("/key").put(name, String.valueOf(value)));
        request.putObject("evidence")
                .putObject("cpu0")
                .put("type", "sev-snp")
                .put("report", members.report())
                .put("certificates", members.certificates());
        request.putObject("endorsements").putObject("amd").put("crl", members.crl());
        return request;
    }

    /** Leaves the service running, with requests that can be pasted. */
    private void stay(Answer granted) throws IOException, InterruptedException, JOSEException {
        String nonce = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.utf8("a nonce for the demo").sha256().toByteArray());
        ECKey key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        ObjectNode request = request(nonce, key, UnaryOperator.identity());
        request.remove("audience");
        Path file = Files.writeString(
                service.folder().resolve("appraisal.json"),
                request.put("policy", "demo").toPrettyString());
        Path token = Files.writeString(
                service.folder().resolve("token.jwt"),
                granted.body().path("token").asText(""));
        printer.heading("The service stays at " + service.address() + " until you press Ctrl-C. Try:");
        printer.line("curl -s -H 'Content-Type: application/json' -d @%s %s/v1/appraisals"
                .formatted(file, service.address()));
        printer.line("curl -s -X POST " + service.address() + "/v1/challenges");
        printer.line("curl -s " + service.address() + "/v1/policies/demo");
        printer.line("curl -s " + service.address() + "/.well-known/jwks.json");
        printer.line("cat " + token + "   # the token, to be verified with those keys");
        printer.line("tail -f " + service.log());
        service.awaitEnd();
    }

    private static String policy(Bytes measurement) {
        return """
                policy: demo
                version: "1"
                summary: The demo's image, pinned.
                extends: [baseline]
                references:
                  approved_images:
                    claim: launch_measurement
                    note: the image that the demo's software attester pretends to run
                    values: ["%s"]
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key.
                    hint: Add the image's measurement to approved_images, or boot the approved image.
                """.formatted(measurement);
    }
}
