package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show is what the service reads. Where a page shortens a value with "…", a whole one stands in for it. */
class ExamplesTest {
    private static final Pattern YAML = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$");
    private static final Pattern REQUEST = Pattern.compile("(?ms)^POST /v1/attestations\\n(\\{.*?\\n?.*?\\})\\n```");
    private static final Pattern DRAFT = Pattern.compile("\"policy_source\": (\"(?:[^\"\\\\]|\\\\.)*\")");
    /** The public key of RFC 7515, appendix A.3. */
    private static final String X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";

    private static final String Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private static final Path README = Path.of("README.md");

    /** A whole policy that a page shows. */
    record Shown(String page, int number, String text) {
        @Override
        public String toString() {
            return page + ", policy " + number;
        }
    }

    static List<Shown> policies() throws IOException {
        var shown = new ArrayList<Shown>();
        for (Path page : LinksTest.pages()) {
            var texts = YAML.matcher(Files.readString(page))
                    .results()
                    .map(block -> block.group(1))
                    .filter(text -> text.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .findFirst()
                            .orElse("")
                            .startsWith("policy:"))
                    .toList();
            for (String text : texts) {
                shown.add(new Shown(page.toString(), texts.indexOf(text) + 1, text));
            }
        }
        return shown;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shownPolicyIsAccepted(Shown shown) {
        PolicyReading reading = Core.POLICIES.parse(whole(shown.text()), shippedPolicies());
        assertInstanceOf(PolicyReading.Accepted.class, reading, reading::rendered);
    }

    @Test
    void draftsInHttpExamplesAreAccepted() throws IOException {
        int drafts = 0;
        try (Stream<Path> files = Files.list(Path.of("docs/http"))) {
            for (Path file : files.toList()) {
                for (var draft : DRAFT.matcher(Files.readString(file)).results().toList()) {
                    String text = new ObjectMapper().readTree(draft.group(1)).textValue();
                    PolicyReading reading = Core.POLICIES.parseDraft(text);
                    assertInstanceOf(PolicyReading.Accepted.class, reading, () -> file + "\n" + reading.rendered());
                    drafts++;
                }
            }
        }
        assertTrue(drafts > 0);
    }

    @Test
    void readmeShowsAPolicy() throws IOException {
        assertTrue(policies().stream().anyMatch(shown -> shown.page().equals(README.toString())));
    }

    /** Digests and measurements are shortened on pages: {@code 9f2c…}. */
    private static String whole(String text) {
        return Pattern.compile("\\b([0-9a-f]{2,})…").matcher(text).replaceAll(start -> (start.group(1) + "0".repeat(96))
                .substring(0, 96));
    }

    private static PolicyParser.Library shippedPolicies() {
        AppraisalPolicy baseline = Core.baseline();
        AppraisalPolicy gpus = Core.policy(Core.shipped("confidential-gpu"), baseline);
        return Core.library(List.of(
                baseline,
                Core.policy(Core.shipped("cpu-only"), baseline),
                gpus,
                Core.policy(Core.shipped("confidential-gpu-strict"), gpus)));
    }

    @Test
    void requestOfTheReadmeIsRead() throws IOException, RequestInvalidException, RefusedEvidenceException {
        var request = REQUEST.matcher(Files.readString(README));
        assertTrue(request.find(), "README.md shows no request");
        var fixture = Fixtures.named("sev-snp/milan-v3").request();
        String body = request.group(1)
                .replaceAll("\"nonce\": \"[^\"]*…\"", "\"nonce\": " + fixture.get("nonce"))
                .replaceAll("\"report\": \"[^\"]*…\"", "\"report\": " + fixture.at("/evidence/cpu0/report"))
                .replace("\"crv\": \"P-256\", …", "\"crv\": \"P-256\", \"x\": \"%s\", \"y\": \"%s\"".formatted(X, Y));
        AppraisalRequest read = reader().attestation(body.getBytes(StandardCharsets.UTF_8));
        assertEquals(BindingMethod.COUNTERSIGN_V1, read.binding().method());
        assertEquals(1, read.evidence().size());
        assertTrue(read.key().isPresent());
    }

    private static AppraisalRequestReader reader() {
        return new AppraisalRequestReader(new JsonText(32), new EvidenceReader(Core.SCHEMES, 64));
    }
}
