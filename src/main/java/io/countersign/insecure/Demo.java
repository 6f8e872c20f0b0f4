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

/** Shows the whole way, from challenge to token and to a refusal, with an AMD and an Intel machine that exist only in software. */
public final class Demo {
    private static final String AUDIENCE = "https://kms.example";

    private enum Ending {
        AS_IT_SHOULD("1 and 3 got tokens, 2 and 4 reasons."),
        ANOTHER("This is not how the demo should end: 1 and 3 should have been 200, 2 and 4 should have been 403.");

        private final String sentence;

        Ending(String sentence) {
            this.sentence = sentence;
        }
    }

    /** A machine that puts its answer to what it shall commit to into a request. */
    @FunctionalInterface
    private interface Machine {
        void answer(Bytes reportData, ObjectNode request);
    }

    private final DemoService service;
    private final DemoPrinter printer;

    private Demo(DemoService service, DemoPrinter printer) {
        this.service = service;
        this.printer = printer;
    }

    public static void main(String[] arguments) throws InterruptedException {
        // The service's log manager stands on the class path too, and complains unless it is chosen before the first
        // log.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        var printer = new DemoPrinter(System.out, terminal());
        printer.line(
                "This is a demonstration. A program plays an AMD and an Intel machine, under laboratory anchors that it made");
        printer.line("a moment ago. Nothing below proves anything about any hardware. The service is the real one.");
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
        var amd = DemoAttester.start(new SecureRandom(), Instant.now());
        var td = DemoTd.start(new SecureRandom(), Instant.now());
        String anchors = amd.anchorsPem() + "\n" + td.anchorsPem();
        try (var service = DemoService.start(anchors, DemoPolicy.pinning(amd, td), AUDIENCE)) {
            var demo = new Demo(service, printer);
            Ending ending = demo.show(amd, td);
            printer.heading(ending.sentence);
            if (stay) {
                demo.stay(amd, td);
            }
            return ending;
        }
    }

    private Ending show(DemoAttester amd, DemoTd td)
            throws IOException, InterruptedException, JOSEException, DemoException {
        printer.heading("1. An AMD machine (SEV-SNP) asks for a token, with a key that its report commits to");
        Answer granted = attest(guest(amd, UnaryOperator.identity()), DemoPrinter.Detail.EVERYTHING);
        printer.heading("2. The same machine, launched so that its host may debug it");
        Answer debugged =
                attest(guest(amd, report -> report.policyDebug(true)), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
        printer.heading("3. An Intel machine (TDX) asks the same service for a token under the same policy");
        Answer grantedToo = attest(trustDomain(td, DemoTd.Platform.UP_TO_DATE), DemoPrinter.Detail.CHECKS);
        printer.heading("4. The same TD on a machine whose BIOS was not updated");
        Answer outdated = attest(trustDomain(td, DemoTd.Platform.OLD_BIOS), DemoPrinter.Detail.WHAT_STANDS_IN_THE_WAY);
        boolean asItShould = granted.status() == 200
                && debugged.status() == 403
                && grantedToo.status() == 200
                && outdated.status() == 403;
        return asItShould ? Ending.AS_IT_SHOULD : Ending.ANOTHER;
    }

    private static Machine guest(DemoAttester amd, UnaryOperator<SoftwareReport> changes) {
        return (reportData, request) -> {
            var members = amd.attest(reportData, changes);
            request.withObject("/evidence/cpu0")
                    .put("type", "sev-snp")
                    .put("report", members.report())
                    .put("certificates", members.certificates());
            request.withObject("/endorsements/amd").put("crl", members.crl());
        };
    }

    private static Machine trustDomain(DemoTd td, DemoTd.Platform platform) {
        return (reportData, request) -> {
            var members = td.attest(reportData, platform);
            request.withObject("/evidence/cpu0").put("type", "tdx").put("quote", members.quote());
            members.endorsements().forEach(request.withObject("/endorsements/intel")::put);
        };
    }

    private Answer attest(Machine machine, DemoPrinter.Detail detail)
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
        Answer answer = service.post("/v1/attestations", request(nonce, key, machine));
        printer.verdict(answer, detail);
        JsonNode token = answer.body().path("token");
        if (token.isTextual()) {
            printer.token(token.textValue(), detail);
        }
        return answer;
    }

    private static ObjectNode request(String nonce, ECKey key, Machine machine) throws JOSEException {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.copyOf(key.computeThumbprint().decode()));
        var request = JsonNodeFactory.instance
                .objectNode()
                .put("audience", AUDIENCE)
                .put("nonce", nonce)
                .put("binding", binding.method().word());
        key.toJSONObject().forEach((name, value) -> request.withObject("/key").put(name, String.valueOf(value)));
        machine.answer(binding.expectedReportData(List.of()).orElseThrow(), request);
        return request;
    }

    /** Leaves the service running, with requests that can be pasted. */
    private void stay(DemoAttester amd, DemoTd td) throws IOException, InterruptedException, JOSEException {
        printer.heading("The service stays at " + service.address() + " until you press Ctrl-C. Try:");
        offer("sev-snp.json", guest(amd, UnaryOperator.identity()));
        offer("tdx.json", trustDomain(td, DemoTd.Platform.UP_TO_DATE));
        printer.line("curl -s -X POST " + service.address() + "/v1/challenges");
        printer.line("curl -s " + service.address() + "/v1/policies/demo");
        printer.line("curl -s " + service.address() + "/.well-known/jwks.json");
        printer.line("tail -f " + service.log());
        service.awaitEnd();
    }

    /** An appraisal in a file, and the command that posts it. */
    private void offer(String name, Machine machine) throws IOException, JOSEException {
        String nonce = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.utf8("a nonce for the demo").sha256().toByteArray());
        ECKey key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        ObjectNode request = request(nonce, key, machine);
        request.remove("audience");
        Path file = Files.writeString(
                service.folder().resolve(name), request.put("policy", "demo").toPrettyString());
        printer.line("curl -s -H 'Content-Type: application/json' -d @%s %s/v1/appraisals"
                .formatted(file, service.address()));
    }
}
