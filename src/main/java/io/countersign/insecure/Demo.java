package io.countersign.insecure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.insecure.DemoPrinter.Detail;
import io.countersign.insecure.DemoService.Answer;
import io.countersign.verifier.bytes.Bytes;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Shows the whole way, from challenge to token and to a refusal, with machines and GPUs that exist only in software. */
public final class Demo {
    private static final String AUDIENCE = "https://kms.example";

    private enum Ending {
        AS_IT_SHOULD("1, 3, 5 and 6 got tokens, 9 a secret; all others got reasons."),
        ANOTHER(
                "This is not how the demo should end: 1, 3, 5 and 6 should have got tokens, 9 the secret, and all others reasons.");

        private final String sentence;

        Ending(String sentence) {
            this.sentence = sentence;
        }
    }

    private final DemoService service;
    private final DemoPrinter printer;
    private final List<Integer> statuses = new ArrayList<>();

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
                "This is a demonstration. A program plays AMD and Intel machines and NVIDIA GPUs, under laboratory anchors that it");
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

    /** 256 random bits, as docs/kms.md wants them. */
    private static String callerSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
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
        var makers = DiskMachine.Makers.start(new SecureRandom(), Instant.now());
        var world = new DemoService.World(
                makers.anchorsPem(), DemoPolicy.pinning(makers.amd(), makers.td()), AUDIENCE, callerSecret());
        try (var folder = DemoFolder.make();
                var service = DemoService.start(folder.path(), world)) {
            var demo = new Demo(service, printer);
            Ending ending = demo.show(makers);
            if (DemoKms.built()) {
                var story = new DemoStory(printer, service, world, makers, folder.path());
                ending = story.tell() == DemoStory.Ending.AS_IT_SHOULD ? ending : Ending.ANOTHER;
            } else {
                printer.heading("9 to 11 need the key service: mvn -f examples/kms/pom.xml package -DskipTests");
            }
            printer.heading(ending.sentence);
            if (stay) {
                demo.stay(makers);
            }
            return ending;
        }
    }

    private Ending show(DiskMachine.Makers makers)
            throws IOException, InterruptedException, JOSEException, DemoException {
        showCpus(makers.amd(), makers.td());
        showGpus(makers);
        return statuses.equals(List.of(200, 403, 200, 403, 200, 200, 403, 403)) ? Ending.AS_IT_SHOULD : Ending.ANOTHER;
    }

    private void showCpus(DemoAttester amd, DemoTd td)
            throws IOException, InterruptedException, JOSEException, DemoException {
        printer.heading("1. An AMD machine (SEV-SNP) asks for a token, with a key that its report commits to");
        attest(DemoMachine.guest(amd, UnaryOperator.identity()), Detail.EVERYTHING);
        printer.heading("2. The same machine, launched so that its host may debug it");
        attest(DemoMachine.guest(amd, report -> report.policyDebug(true)), Detail.WHAT_STANDS_IN_THE_WAY);
        printer.heading("3. An Intel machine (TDX) asks the same service for a token under the same policy");
        attest(DemoMachine.trustDomain(td, DemoTd.Platform.UP_TO_DATE), Detail.CHECKS);
        printer.heading("4. The same TD on a machine whose BIOS was not updated");
        attest(DemoMachine.trustDomain(td, DemoTd.Platform.OLD_BIOS), Detail.WHAT_STANDS_IN_THE_WAY);
    }

    private void showGpus(DiskMachine.Makers makers)
            throws IOException, InterruptedException, JOSEException, DemoException {
        printer.heading("5. The AMD machine with 8 H100 GPUs, under a policy that wants them: one verdict, one token");
        printer.line(
                "Every GPU answers a nonce made from the challenge; then the CPU's report commits to their answers.");
        attest(withGpus(makers, DemoGpus.Setup.CONFIDENTIAL), Detail.DEVICES);
        printer.heading("6. The same GPUs in protected-PCIe mode, with the 4 NVSwitches that join them");
        attest(withGpus(makers, DemoGpus.Setup.PROTECTED_PCIE), Detail.DEVICES_IN_SHORT);
        printer.heading("7. The machine of 5, but gpu3 was left in the mode for developer tools");
        printer.line("No signed field says so. What gives it away, as far as is known, is one of its measurements.");
        attest(withGpus(makers, DemoGpus.Setup.ONE_IN_DEVTOOLS), Detail.WHAT_STANDS_IN_THE_WAY);
        printer.heading("8. The machine of 5, but on the way gpu5's answer is replaced by one from a GPU elsewhere");
        printer.line(
                "All GPUs are genuine and answer the right nonce; only the CPU's report tells that it saw others.");
        attest(withGpus(makers, DemoGpus.Setup.ONE_REPLACED), Detail.DEVICES_IN_SHORT);
    }

    private static DemoMachine withGpus(DiskMachine.Makers makers, DemoGpus.Setup setup) {
        return DemoMachine.withGpus(makers.amd(), makers.gpus(), setup);
    }

    private void attest(DemoMachine machine, Detail detail)
            throws IOException, InterruptedException, JOSEException, DemoException {
        Answer challenge = service.post(
                "/v1/challenges",
                JsonNodeFactory.instance.objectNode().put("audience", AUDIENCE).put("policy", machine.policy()));
        String nonce = challenge.body().path("nonce").asText("");
        if (nonce.isEmpty()) {
            throw new DemoException(
                    "The service gave no challenge: HTTP " + challenge.status() + " " + challenge.body());
        }
        printer.line("challenge: " + nonce);
        ECKey key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Answer answer =
                service.post("/v1/attestations", machine.request(nonce, key).put("audience", AUDIENCE));
        statuses.add(answer.status());
        printer.verdict(answer, detail);
        JsonNode token = answer.body().path("token");
        if (token.isTextual()) {
            printer.token(token.textValue(), detail);
        }
    }

    /** Leaves the service running, with requests that can be pasted. */
    private void stay(DiskMachine.Makers makers) throws IOException, InterruptedException, JOSEException {
        printer.heading("The service stays at " + service.address() + " until you press Ctrl-C. Try:");
        offer("sev-snp.json", DemoMachine.guest(makers.amd(), UnaryOperator.identity()));
        offer("tdx.json", DemoMachine.trustDomain(makers.td(), DemoTd.Platform.UP_TO_DATE));
        offer("gpus.json", withGpus(makers, DemoGpus.Setup.CONFIDENTIAL));
        printer.line("curl -s -X POST " + service.address() + "/v1/challenges");
        printer.line("curl -s " + service.address() + "/v1/policies/demo");
        printer.line("curl -s " + service.address() + "/.well-known/jwks.json");
        printer.line("tail -f " + service.log());
        service.awaitEnd();
    }

    /** An appraisal in a file, and the command that posts it. */
    private void offer(String name, DemoMachine machine) throws IOException, JOSEException {
        String nonce = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.utf8("a nonce for the demo").sha256().toByteArray());
        ECKey key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Path file = Files.writeString(
                service.folder().resolve(name), machine.request(nonce, key).toPrettyString());
        printer.line("curl -s -H 'Content-Type: application/json' -d @%s %s/v1/appraisals"
                .formatted(file, service.address()));
    }
}
