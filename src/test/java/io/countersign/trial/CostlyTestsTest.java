package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseSource;
import io.countersign.service.wiring.TrialCases;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many tests as a policy may have, on the largest cases there are: they end. */
class CostlyTestsTest {
    private static final CaseSource SHIPPED = TrialCases.shipped();
    private static final int MOST_TESTS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static AppraisalPolicy policy(List<String> tests) {
        return Core.policy("""
                policy: costly
                version: "1"
                summary: Tested a lot.
                expect: { cpu: { types: [sev-snp, tdx] }, gpu: { count: { min: 0, max: 8 } }, nvswitch: { count: { min: 0, max: 4 } } }
                tolerate: { waive: [{ check: gpu.fwid, because: Switches have none. }] }
                rules:
                  - name: guest cannot be debugged
                    for: cpu
                    require: '!cpu.debug'
                    sets: configuration
                    because: Secrets.
                """ + (tests.isEmpty() ? "" : "tests:\n" + String.join("", tests)));
    }

    private static String test(int number, String caseName, String at) {
        return "  - { name: test %d, case: \"%s\"%s, expect: { status: affirming } }\n".formatted(number, caseName, at);
    }

    /** Another instant each, so that nothing that was authenticated serves twice. */
    @Test
    void aHundredTestsOnTwelveDevicesEachAtItsOwnTimeEnd() throws CaseException {
        String name = "fixture:nvidia-gpu/tdx-and-8-gpus-and-4-switches";
        Instant at = SHIPPED.find(name).at();
        AppraisalPolicy policy = policy(IntStream.range(0, MOST_TESTS)
                .mapToObj(i -> test(i, name, ", at: " + at.plusSeconds(i)))
                .toList());
        long begin = System.nanoTime();
        List<TestResult> results = assertTimeoutPreemptively(PATIENCE, () -> PolicyTests.run(policy, SHIPPED));
        System.out.printf("100 tests on 13 devices took %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        assertEquals(MOST_TESTS, results.size());
        results.forEach(result -> assertInstanceOf(TestResult.Met.class, result, result::toString));
    }

    @Test
    void aHundredCasesOfNearlyFourMebibytesEndAndAreEachReadOnce(@TempDir Path folder) throws IOException {
        ObjectNode body = Fixtures.named("sev-snp/milan-v5").request().deepCopy();
        body.withObject("/endorsements/amd").put("crl", "A".repeat(4 * 1024 * 1024 - 64 * 1024));
        Files.write(folder.resolve("large.json"), new ObjectMapper().writeValueAsBytes(body));
        for (int i = 0; i < MOST_TESTS; i++) {
            Files.createLink(folder.resolve("c%d.json".formatted(i)), folder.resolve("large.json"));
        }
        CaseSource beside = TrialCases.besides(folder.resolve("policy.yaml"), Core.SCHEMES, SHIPPED);
        var read = new ArrayList<String>();
        CaseSource watched = name -> {
            read.add(name);
            return beside.find(name);
        };
        AppraisalPolicy policy = policy(IntStream.range(0, MOST_TESTS)
                .mapToObj(i -> test(i, "c%d.json".formatted(i), ""))
                .toList());
        long begin = System.nanoTime();
        List<TestResult> results = assertTimeoutPreemptively(PATIENCE, () -> PolicyTests.run(policy, watched));
        System.out.printf("100 tests on cases of 4 MiB took %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        assertEquals(MOST_TESTS, read.size());
        // A CRL of zeros is brought and bad, so the tests run, and fail.
        assertEquals(
                List.of("Differs"),
                results.stream()
                        .map(result -> result.getClass().getSimpleName())
                        .distinct()
                        .toList(),
                () -> results.stream().map(TestResult::toString).limit(1).collect(Collectors.joining()));
    }

    @Test
    void moreTestsThanAHundredAreRefused() {
        List<String> tests = IntStream.rangeClosed(0, MOST_TESTS)
                .mapToObj(i -> test(i, "fixture:sev-snp/milan-v5", ""))
                .toList();
        var refused = org.junit.jupiter.api.Assertions.assertThrows(AssertionError.class, () -> policy(tests));
        assertTrue(String.valueOf(refused.getMessage()).contains("100"), refused.getMessage());
    }

    /** The tests are in the file's order, and one whose case is missing stops none behind it. */
    @Test
    void aTestThatCannotRunStopsNoOther() {
        List<PolicyTest> tests = policy(
                        List.of(test(0, "fixture:sev-snp/nobody", ""), test(1, "fixture:sev-snp/milan-v5", "")))
                .tests();
        var results = PolicyTests.run(policy(List.of()), tests, SHIPPED);
        assertInstanceOf(TestResult.Broken.class, results.getFirst());
        assertInstanceOf(TestResult.Met.class, results.getLast());
    }
}
