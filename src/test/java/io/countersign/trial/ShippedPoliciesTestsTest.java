package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.CaseSource;
import io.countersign.service.policies.ShippedPolicies;
import io.countersign.service.wiring.TrialCases;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.policy.Rule;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ships tests itself: every policy and example is free of findings, meets its tests, and no rule of it goes untested. */
class ShippedPoliciesTestsTest {
    private static final CaseSource SHIPPED = TrialCases.shipped();
    private static final Instant RELEASE = Instant.parse("2026-11-23T12:00:00Z");
    private static final Map<String, PolicyReading> READINGS = Core.POLICIES.parseAll(texts());
    private static final Map<String, AppraisalPolicy> POLICIES = policies();
    /** Admits debugging and old firmware on purpose: these rules are met by every machine. */
    private static final List<String> NEVER_FAIL = List.of(
            "debugging is admitted",
            "reported firmware may be old",
            "firmware may be rolled back",
            "guest may have been launched by old firmware");

    /** Every mode that a report can show is one of the two: without any the rule is open, which admits no more. */
    private static final List<String> OPEN_INSTEAD = List.of("GPU is in confidential-computing or protected-PCIe mode");

    /** Everything that ships, the examples as somebody would copy them into one folder. */
    private static Map<String, String> texts() {
        var texts = new LinkedHashMap<>(ShippedPolicies.texts());
        for (String example : ShippedPolicies.examples()) {
            ShippedPolicies.example(example).forEach((file, text) -> {
                if (file.endsWith(".yaml")) {
                    texts.put(example + "/" + file, text);
                }
            });
        }
        return texts;
    }

    private static Map<String, AppraisalPolicy> policies() {
        var policies = new TreeMap<String, AppraisalPolicy>();
        READINGS.values().forEach(reading -> {
            if (reading instanceof PolicyReading.Accepted accepted) {
                policies.put(accepted.policy().identity().id(), accepted.policy());
            }
        });
        return policies;
    }

    static List<String> files() {
        return List.copyOf(texts().keySet());
    }

    static List<String> ids() {
        return List.copyOf(POLICIES.keySet());
    }

    private static AppraisalPolicy policy(String id) {
        return Objects.requireNonNull(POLICIES.get(id), id);
    }

    @Test
    void everyPolicyThatShipsIsLookedAt() {
        assertEquals(
                List.of(
                        "baseline",
                        "confidential-gpu",
                        "confidential-gpu-strict",
                        "cpu-only",
                        "development",
                        "ohttp-gateway"),
                ids());
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatShipsHasNoFindings(String file) {
        switch (Objects.requireNonNull(READINGS.get(file))) {
            case PolicyReading.Accepted(var policy, var warnings) -> {
                assertEquals(List.of(), warnings);
                assertEquals(List.of(), policy.findings(RELEASE));
            }
            case PolicyReading.AcceptedValues(var _, var warnings) -> assertEquals(List.of(), warnings);
            case PolicyReading.Refused refused -> throw new AssertionError(refused.rendered());
        }
    }

    @ParameterizedTest
    @MethodSource("ids")
    void testsOfWhatShipsAreMet(String id) {
        assertFalse(policy(id).tests().isEmpty(), id);
        PolicyTests.run(policy(id), SHIPPED)
                .forEach(result -> assertInstanceOf(TestResult.Met.class, result, result::toString));
    }

    /** Its own tests, and those of the policies that it draws in, whose rules it keeps. */
    private static List<AppraisalPolicy> withParents(String id) {
        var all = new ArrayList<AppraisalPolicy>();
        AppraisalPolicy policy = policy(id);
        all.add(policy);
        ancestors(policy.source()).forEach(parent -> all.addAll(withParents(parent)));
        return all;
    }

    private static List<String> ancestors(String source) {
        var found = Pattern.compile("(?m)^extends: \\[([^]]*)]$").matcher(source);
        return found.find()
                ? Pattern.compile(", *")
                        .splitAsStream(Objects.requireNonNull(found.group(1)))
                        .toList()
                : List.of();
    }

    private static Stream<PolicyTest> tests(String id) {
        return withParents(id).stream().flatMap(each -> each.tests().stream());
    }

    @ParameterizedTest
    @MethodSource("ids")
    void everyRuleIsSeenToFail(String id) {
        var untested = new TreeSet<String>();
        policy(id).rules().stream().map(Rule::name).forEach(untested::add);
        tests(id).forEach(test -> test.rules().forEach((name, word) -> {
            if (word.equals("failed") || word.equals("undetermined") && OPEN_INSTEAD.contains(name)) {
                untested.remove(name);
            }
        }));
        NEVER_FAIL.forEach(untested::remove);
        assertEquals(List.of(), List.copyOf(untested));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void everyRuleIsSeenToBeMetByAMachineThatIsAdmitted(String id) throws Exception {
        var untested = new TreeSet<String>();
        policy(id).rules().stream().map(Rule::name).forEach(untested::add);
        for (AppraisalPolicy policy : withParents(id)) {
            for (PolicyTest test : policy.tests()) {
                if (test.status() == TrustTier.AFFIRMING || test.status() == TrustTier.WARNING) {
                    untested.removeAll(metBy(policy, test));
                }
            }
        }
        assertEquals(List.of(), List.copyOf(untested));
    }

    private static List<String> metBy(AppraisalPolicy policy, PolicyTest test) throws Exception {
        var judged = SHIPPED.find(test.caseName());
        var verdict = io.countersign.verifier.policy.PolicyTrial.judge(
                policy,
                judged.evidence(),
                Authenticating.of(judged, policy.tolerances(), judged.at()),
                judged.binding(),
                judged.at(),
                new io.countersign.verifier.policy.PolicyTrial.Overrides(test.with(), test.without()));
        return RuleWords.names(verdict.rules()).stream()
                .filter(name -> RuleWords.worst(name, verdict.rules()).equals(Optional.of("passed")))
                .toList();
    }

    /** A rule that always holds in place of a rule: some test of the policy, or of one that it draws in, must notice. */
    @ParameterizedTest
    @MethodSource("ids")
    void switchingOffAnyRuleFailsATest(String id) {
        String source = policy(id).source();
        List<AppraisalPolicy> others = POLICIES.values().stream()
                .filter(each -> !each.identity().id().equals(id))
                .toList();
        var values = new LinkedHashMap<String, String>();
        texts().forEach((file, text) -> {
            if (!text.contains("\npolicy: ") && !text.startsWith("policy: ")) {
                values.put(file, text);
            }
        });
        var unnoticed = new ArrayList<String>();
        for (Rule rule : policy(id).rules()) {
            Optional<String> without = switchedOff(source, rule);
            if (without.isPresent() && !NEVER_FAIL.contains(rule.name())) {
                var texts = new LinkedHashMap<>(values);
                others.forEach(each -> texts.put(each.identity().id(), each.source()));
                texts.put(id, without.get());
                var reading =
                        Objects.requireNonNull(Core.POLICIES.parseAll(texts).get(id));
                var changed = assertInstanceOf(PolicyReading.Accepted.class, reading, reading::rendered);
                if (PolicyTests.run(changed.policy(), SHIPPED).stream().allMatch(TestResult.Met.class::isInstance)) {
                    unnoticed.add(rule.name());
                }
            }
        }
        assertEquals(List.of(), unnoticed);
    }

    /** The text with this rule always true; empty where the rule stands in another file. */
    private static Optional<String> switchedOff(String source, Rule rule) {
        String name = "  - name: " + rule.name() + "\n";
        if (!source.contains(name)) {
            return Optional.empty();
        }
        String prefix = rule.scope().word().startsWith("nvidia-gpu")
                        || rule.scope().word().equals("gpu")
                ? "\"\" == \"\" || gpu.hwmodel == \"\""
                : rule.scope().word().contains("nvswitch")
                        ? "\"\" == \"\" || nvswitch.hwmodel == \"\""
                        : "cpu.debug || !cpu.debug";
        int start = source.indexOf(name);
        int require = source.indexOf("    require: ", start);
        int sets = source.indexOf("    sets: ", require);
        return Optional.of(source.substring(0, require) + "    require: '" + prefix + "'\n" + source.substring(sets));
    }

    /** The identities in {@code extends}, as the policies know them. */
    @Test
    void parentsAreFoundInTheTexts() {
        assertEquals(
                List.of("confidential-gpu-strict", "confidential-gpu", "baseline"),
                withParents("confidential-gpu-strict").stream()
                        .map(AppraisalPolicy::identity)
                        .map(PolicyIdentity::id)
                        .toList());
    }

    @Test
    void everyCaseThatATestNamesIsPacked() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        int begin = pom.indexOf("<directory>fixtures</directory>");
        String resource = pom.substring(begin, pom.indexOf("</resource>", begin));
        List<PathMatcher> included = Pattern.compile("<include>([^<]*/case\\.json)</include>")
                .matcher(resource)
                .results()
                .map(found -> FileSystems.getDefault().getPathMatcher("glob:" + found.group(1)))
                .toList();
        var names = new TreeSet<String>();
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("/fixtures/names.txt"))) {
            names.addAll(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
        POLICIES.keySet().stream().flatMap(ShippedPoliciesTestsTest::tests).forEach(test -> {
            String name = test.caseName().replaceFirst("^fixture:", "");
            assertTrue(names.contains(name), name);
            assertTrue(included.stream().anyMatch(each -> each.matches(Path.of(name, "case.json"))), name);
        });
        for (PathMatcher each : included) {
            assertTrue(names.stream().anyMatch(name -> each.matches(Path.of(name, "case.json"))), each.toString());
        }
    }
}
