package io.countersign.service;

import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.fuzz.CostlyPolicies;
import io.countersign.fuzz.HostilePolicies;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a policy says, it is answered, and nobody else notices. */
@QuarkusTest
@TestProfile(WatchedPolicies.class)
class HostilePoliciesOverHttpTest {
    /** Far more than any of them takes; only what never ends is caught. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String GOOD = WatchedPolicies.pinned();
    private static final String NEXT = GOOD.replace("version: \"3\"", "version: \"4\"");

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @AfterEach
    void putTheFolderBack() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        write("pinned.yaml", GOOD);
        eventually("pinned", policy -> policy.path("version").asText().equals("3") && !policy.has("refused"));
        stillServes();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, String> texts() {
        var texts = new LinkedHashMap<>(CostlyPolicies.all());
        List<byte[]> small = HostilePolicies.all();
        IntStream.range(0, small.size())
                .forEach(i -> texts.put("hostile-" + i, new String(small.get(i), StandardCharsets.UTF_8)));
        return texts;
    }

    private static ObjectNode draft(String source) {
        ObjectNode body = RequestBodies.appraisal();
        body.remove("policy");
        return body.put("policy_source", source);
    }

    private static void stillServes() {
        assertEquals(200, Http.get("/q/health/ready").status());
        Http.post(APPRAISALS, RequestBodies.appraisal()).ok();
    }

    /** Half a pair cannot travel in JSON, and the rest is answered by findings or by a verdict. */
    @Test
    void everyDraftIsAnsweredAndTheServiceStaysReady() {
        texts().forEach((what, text) -> {
            Answer answer = assertTimeoutPreemptively(PATIENCE, () -> Http.post(APPRAISALS, draft(text)), what);
            assertTrue(Set.of(200, 400).contains(answer.status()), () -> what + " " + answer.text());
        });
        stillServes();
    }

    @Test
    void draftsAtOnceLeaveRoomForOtherRequests() throws Exception {
        List<ObjectNode> drafts = CostlyPolicies.all().values().stream()
                .filter(text -> text.contains("rules:"))
                .map(HostilePoliciesOverHttpTest::draft)
                .toList();
        try (var callers = Executors.newFixedThreadPool(12)) {
            List<Callable<Integer>> calls = drafts.stream()
                    .<Callable<Integer>>map(
                            draft -> () -> Http.post(APPRAISALS, draft).status())
                    .toList();
            var answers = calls.stream().map(callers::submit).toList();
            for (int i = 0; i < 5; i++) {
                assertTimeoutPreemptively(PATIENCE, HostilePoliciesOverHttpTest::stillServes);
            }
            var statuses = new java.util.TreeSet<Integer>();
            for (var each : answers) {
                statuses.add(assertTimeoutPreemptively(PATIENCE, () -> each.get()));
            }
            assertTrue(Set.of(200, 400, 429, 503).containsAll(statuses), statuses.toString());
        }
    }

    @Test
    void hostileFilesAreRefusedOneByOneAndTheOthersGoOn() throws IOException {
        for (var each : texts().entrySet()) {
            write(each.getKey() + ".yaml", each.getValue());
        }
        write("pinned.yaml", NEXT);
        assertTimeoutPreemptively(
                Duration.ofMinutes(3),
                () -> eventually(
                        "pinned", policy -> policy.path("version").asText().equals("4")));
        stillServes();
        JsonNode list = Http.get("/v1/policies").ok().json().get("policies");
        var states = new LinkedHashMap<String, String>();
        list.forEach(
                each -> states.put(each.get("file").asText(), each.get("state").asText()));
        for (String what : List.of("bomb-of-aliases", "one-line", "tags-of-classes", "an-id-of-look-alikes")) {
            assertEquals("rejected", states.get(what + ".yaml"), states.toString());
        }
        assertEquals("active", states.get("pinned.yaml"));
        assertEquals("active", states.get("shipped:baseline"));
    }

    @Test
    void filesThatDeclareOneIdAreAllRefusedAndTheLastGoodVersionStays() throws IOException {
        String before = Http.get("/v1/policies/pinned").json().get("digest").asText();
        write("a.yaml", NEXT);
        write("b.yaml", NEXT);
        JsonNode policy = eventually("pinned", each -> each.has("refused"));
        assertEquals(before, policy.get("digest").asText());
        assertTrue(policy.at("/refused/issues/0/message").asText().contains("several files"), policy.toString());
    }

    @Test
    void aValuesFileAsLargeAsCanBeIsReadAndALargerOneRefused() throws IOException {
        String head = """
                values: %s
                version: "1"
                summary: Many.
                references:
                  many:
                    claim: driver_version
                    note: n
                    values:
                """;
        String most = head.formatted("most") + values(5_000);
        write("most.yaml", most);
        write("more.yaml", head.formatted("more") + values(50_000));
        JsonNode more = eventually("more", each -> each.path("state").asText().equals("rejected"));
        assertTrue(more.toString().contains("64 KiB") || more.toString().contains("65536"), more.toString());
        eventually("most", each -> each.has("state"));
        stillServes();
    }

    private static String values(int count) {
        return IntStream.range(0, count).mapToObj("      - %d\n"::formatted).collect(Collectors.joining());
    }

    @Test
    void fiveHundredFilesAreLoadedAndOneMoreKeepsEverythingAsItIs() throws IOException {
        for (int i = 0; i < 499; i++) {
            write("p%d.yaml".formatted(i), GOOD.replace("policy: pinned", "policy: p" + i));
        }
        long begin = System.nanoTime();
        eventually("p498", each -> each.path("state").asText().equals("active"));
        System.out.printf(
                "500 files were in use %d ms after the last was written%n", (System.nanoTime() - begin) / 1_000_000);
        stillServes();
        write("one-more.yaml", GOOD.replace("policy: pinned", "policy: one-more"));
        eventually("pinned", _ -> Http.get("/q/health/ready").text().contains("more than 500 policy files"));
        stillServes();
        assertEquals("active", PolicyEdits.shown("p0").get("state").asText());
    }
}
