package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.claim.BindingMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyParserTest {
    private static final PolicyParser.Library EMPTY = PolicyParser.Library.empty();

    private static List<PolicyIssue> refusal(String source, AppraisalPolicy... library) {
        PolicyReading reading = Bench.PARSER.parse(source, PolicyParser.Library.of(List.of(library)));
        return assertInstanceOf(PolicyReading.Refused.class, reading).issues();
    }

    private static PolicyIssue onlyIssue(String source, AppraisalPolicy... library) {
        List<PolicyIssue> issues = refusal(source, library);
        assertEquals(1, issues.size(), issues.toString());
        return issues.getFirst();
    }

    /** The issue stands exactly where the marked text does. */
    private static void assertPlace(PolicyIssue issue, String source, String marked) {
        int index = source.indexOf(marked);
        assertTrue(index >= 0, marked);
        String before = source.substring(0, index);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = index - before.lastIndexOf('\n');
        assertEquals(line + ":" + column, issue.line() + ":" + issue.column(), issue.rendered());
    }

    @Test
    void misspeltMemberIsToldWithPlaceCaretAndSuggestion() {
        String source = Bench.policyWith("!cpu.debug").replace("because:", "becuase:");
        List<PolicyIssue> issues = refusal(source);
        PolicyIssue misspelt = issues.stream()
                .filter(issue -> issue.message().contains("becuase"))
                .findFirst()
                .orElseThrow();
        assertPlace(misspelt, source, "becuase");
        assertEquals("did you mean \"because\"?", misspelt.suggestion());
        assertTrue(misspelt.rendered().contains(" |     becuase: It is wanted.\n      |     ^\n"), misspelt.rendered());
    }

    @Test
    void misspeltClaimIsToldWithPlaceAndSuggestion() {
        String source = Bench.policyWith("!cpu.debugg");
        PolicyIssue issue = onlyIssue(source);
        assertPlace(issue, source, "cpu.debugg");
        assertEquals("did you mean \"cpu.debug\"?", issue.suggestion());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "require: '''x'' == cpu.snp.prodct'",
                "require: \"\\\"\\u00e4\\\" == cpu.snp.prodct\"",
                "require: cpu.debug || cpu.snp.prodct == 'x'",
                "require: |\n      cpu.debug ||\n        cpu.snp.prodct == 'x'",
                "require: |2-\n\n      cpu.debug ||\n       cpu.snp.prodct == 'x'",
                "require: >- # folded\n      cpu.debug\n\n      ||\n      cpu.snp.prodct == 'x'",
                "require:\n      cpu.debug ||\n      cpu.snp.prodct == 'x'",
                "require: 'cpu.debug ||\n\n      cpu.snp.prodct == ''x'''",
                "require: \"cpu.debug ||\\\n      \\ cpu.snp.prodct == 'x'\"",
            })
    void placesInsideExpressionsAreThoseOfTheFileInEveryScalarStyle(String require) {
        String source = Bench.policyWith("PLACE").replace("require: 'PLACE'", require);
        PolicyIssue issue = onlyIssue(source);
        assertPlace(issue, source, "cpu.snp.prodct");
    }

    @Test
    void typeErrorIsToldAtItsOperator() {
        String source = Bench.policyWith("cpu.snp.vmpl == \"0\"");
        assertPlace(onlyIssue(source), source, "== \"0\"");
    }

    @Test
    void allMistakesAreToldInOneRound() {
        String source = Bench.policyWith("cpu.debugg && cpu.snp.vmpl == \"0\"")
                .replace("sets: executables", "sets: executable")
                .replace("version: \"1\"", "version: 1");
        assertEquals(4, refusal(source).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dyn(cpu.debug) == true",
                "cpu.snp.vmpl",
                "cpu.snp.current_version >= \"1.55.9\"",
                "version_at_least(cpu.snp.current_version, \"1.55\")",
                "bits_set(cpu.snp.launch_mit_vector, \"0x3f\")",
                "cpu.launch_measurement != \"ABCD\"",
                "cpu.launch_measurement in [\"ab\"]",
                "cpu.snp.product.matches(\"a(\")",
                "cpu.snp.vmpl in [0, \"1\"]",
                "references.unknown.size() == 0",
                "cpu.tdx.tcb_status == \"UpToDate\"",
                "cpu == cpu",
                "cpu.snp",
                "[1].all(cpu, cpu == 1)",
                "has(cpu.debug)",
                "true &&",
                "cpi.debug",
            })
    void refusesExpressionsThatNobodyCanMean(String require) {
        refusal(Bench.policyWith(require));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version: \"1\"\nversion: \"1\"",
                "version: &v \"1\"",
                "version: *v",
                "version: !!str \"1\"",
                "version: 1",
                "version: \"1\"\n<<: {mint: [warning]}",
                "version: \"1\"\n---\npolicy: two",
                "version: \"\"",
                "version: [\"1\"]",
                "version: \"1\"\nextends: [nobody]",
                "version: \"1\"\nextends: nobody",
                "version: \"1\"\nmint: []",
                "version: \"1\"\nmint: [none]",
                "version: \"1\"\nmint: [warning]",
                "version: \"1\"\nmint: [affirming, affirming]",
                "version: \"1\"\nany-workload: true",
                "version: \"1\"\nany-workload: allow-because \"\"",
                "version: \"1\"\nany-workload: allow-because \" \"",
                "version: \"1\"\naccept: {bindings: [none]}",
                "version: \"1\"\naccept: {bindings: []}",
                "version: \"1\"\ntolerate: {crl-stale-for: 31d}",
                "version: \"1\"\ntolerate: {crl-stale-for: -1h}",
                "version: \"1\"\ntolerate: {crl-stale-for: PT1H}",
                "version: \"1\"\ntolerate: {waive: [{check: fake.signature, because: x}]}",
                "version: \"1\"\ntolerate: {waive: [{check: fake.revocation}]}",
                "version: \"1\"\nreferences: {a: {claim: launch_measurement, note: n, values: []}}",
                "version: \"1\"\nreferences: {a: {claim: debug, note: n, values: [x]}}",
                "version: \"1\"\nreferences: {in: {claim: snp.product, note: n, values: [x]}}",
                "version: \"1\"\nreferences: {a: {claim: snp.product, values: [x]}}",
                "version: \"1\"\nreferences: {a: {claim: snp.product, note: n, values: [x, x]}}",
                "version: \"1\"\nreferences: {a: {claim: snp.product, note: n, expires: 2027-06, values: [x]}}",
                "version: \"1\"\nunknown: 1",
                "version: \"1\"\n? [a]\n: b",
            })
    void refusesWhatTheLanguageDoesNotHave(String version) {
        refusal(Bench.policyWith("!cpu.debug").replace("version: \"1\"", version));
    }

    @ParameterizedTest
    @CsvSource({"48, 00", "47, ab", "49, ab", "48, AB", "48, zz"})
    void refusesReferenceValuesThatTheClaimCanNeverHave(int bytes, String digits) {
        refusal(Bench.policyWith(
                "cpu.launch_measurement in references.a",
                "references: { a: { claim: launch_measurement, note: n, values: ['%s'] } }"
                        .formatted(digits.repeat(bytes))));
    }

    @Test
    void refusesReferenceValuesOfAnotherClaim() {
        refusal(Bench.policyWith(
                "cpu.snp.id_key_digest in references.a",
                "references: { a: { claim: launch_measurement, note: n, values: ['%s'] } }"
                        .formatted(Bench.MEASUREMENT)));
    }

    @Test
    void refusesAPolicyWithoutRulesOrExpectations() {
        refusal("policy: x\nversion: '1'\nsummary: y\nexpect: { cpu: { types: [sev-snp] } }\n");
        refusal(Bench.policyWith("!cpu.debug").replace("expect: { cpu: { types: [sev-snp] } }", ""));
    }

    @Test
    void warnsOfARuleThatReadsNoClaim() {
        var reading =
                assertInstanceOf(PolicyReading.Accepted.class, Bench.PARSER.parse(Bench.policyWith("1 < 2"), EMPTY));
        assertEquals(1, reading.warnings().size());
    }

    @Test
    void refusesMoreThan64KibInAnyCharacters() {
        String filler = "# " + "€".repeat(22_000) + "\n";
        assertEquals(1, refusal(filler + Bench.policyWith("!cpu.debug")).size());
    }

    @Test
    void deepNestingIsRefusedBeforeAnythingRecurses() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            refusal("[".repeat(60_000));
            refusal("a: {".repeat(15_000));
            refusal(Bench.policyWith("(".repeat(2_000) + "true" + ")".repeat(2_000)));
            refusal(Bench.policyWith("true" + " || true".repeat(600)));
            refusal(Bench.policyWith("[".repeat(4_000)));
        });
    }

    @Test
    void longChainsOfOperatorsEndInAnAnswer() throws InterruptedException {
        // On a small stack, as a thread of a busy service may have.
        var escaped = new java.util.concurrent.atomic.AtomicReference<Throwable>();
        var thread = new Thread(
                null,
                () -> List.of(
                                "1" + "+1".repeat(2_000) + " == 1",
                                "!".repeat(4_000) + "true",
                                "-".repeat(4_000) + "1 == 1",
                                "true" + " && true".repeat(500),
                                "cpu.debug" + " ? true : cpu.debug".repeat(200),
                                "cpu" + ".a".repeat(2_000),
                                "[1]" + "[0]".repeat(1_300) + " == 1",
                                "[1].all(a, ".repeat(300) + "true" + ")".repeat(300),
                                "cpu.snp.product" + ".size()".repeat(500))
                        .forEach(require -> Bench.PARSER
                                .parse(Bench.policyWith(require), EMPTY)
                                .rendered()),
                "small",
                512 * 1024);
        thread.setUncaughtExceptionHandler((_, thrown) -> escaped.set(thrown));
        thread.start();
        thread.join();
        assertEquals(null, escaped.get());
    }

    @Test
    void everyTruncationAndDamageIsAnsweredWithAReading() {
        String source = Bench.shipped("baseline");
        var random = new Random(20261123);
        for (int i = 0; i < 400; i++) {
            var damaged = new StringBuilder(source.substring(0, random.nextInt(source.length()) + 1));
            for (int j = 0; j < 3; j++) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char)
                        (random.nextInt(3) == 0
                                ? random.nextInt(0x10000)
                                : "{}[]:,&*!|>'\"%@`#-\n\t \\".charAt(random.nextInt(22))));
            }
            Bench.PARSER.parse(damaged.toString(), EMPTY).rendered();
        }
    }

    @Test
    void digestNamesTheContentAndNotItsLayout() {
        AppraisalPolicy plain = Bench.accepted(Bench.policyWith("!cpu.debug"));
        AppraisalPolicy laidOut = Bench.accepted(
                "# a comment\n" + Bench.policyWith("!cpu.debug").replace("'!cpu.debug'", "\"!cpu.debug\""));
        AppraisalPolicy other = Bench.accepted(Bench.policyWith("!cpu.debug && true"));
        assertEquals(plain.identity(), laidOut.identity());
        assertNotEquals(plain.identity(), other.identity());
    }

    @Test
    void digestChangesWithWhatIsDrawnIn() {
        String child = "policy: child\nversion: '1'\nsummary: s\nextends: [small]\n";
        AppraisalPolicy one = Bench.accepted(child, Bench.accepted(Bench.policyWith("!cpu.debug")));
        AppraisalPolicy two = Bench.accepted(child, Bench.accepted(Bench.policyWith("!cpu.migratable")));
        assertNotEquals(one.identity().digest(), two.identity().digest());
    }

    @Test
    void everyMemberChangesTheDigest() {
        String images =
                "references: { a: { claim: launch_measurement, note: n, owner: o, expires: 2027-06-01T00:00:00Z, values: ['"
                        + Bench.MEASUREMENT + "'] } }\n";
        String full = Bench.policyWith(
                        "!cpu.debug",
                        images
                                + "accept: { bindings: [countersign-v1], freshness: [challenge] }\n"
                                + "tolerate: { crl-stale-for: 1h, ocsp-max-age: 3h, certificate-hold: { because: h1 },"
                                + " waive: [{check: fake.revocation, because: r}] }\n"
                                + "mint: [affirming]\n"
                                + "any-workload: allow-because \"tests\"")
                .replace(
                        "because: It is wanted.",
                        "because: It is wanted.\n    hint: h\n    otherwise: warning\n    affirms: 5");
        var changes = new LinkedHashMap<String, String>();
        changes.put("policy: small", "policy: tiny");
        changes.put("version: \"1\"", "version: \"2\"");
        changes.put("summary: One rule.", "summary: A rule.");
        changes.put("types: [sev-snp]", "types: [sev-snp, tdx]");
        changes.put("types: [sev-snp] }", "types: [sev-snp] }, gpu: { count: 1 }");
        changes.put("types: [sev-snp] } ", "types: [sev-snp] }, nvswitch: { count: 1 } ");
        changes.put("[countersign-v1]", "[nonce]");
        changes.put("[challenge]", "[caller]");
        changes.put("crl-stale-for: 1h", "crl-stale-for: 2h");
        changes.put("because: r}", "because: s}");
        changes.put("because: r}]", "for: sev-snp, because: r}]");
        changes.put("ocsp-max-age: 3h", "ocsp-max-age: 4h");
        changes.put("because: h1", "because: h2");
        changes.put("certificate-hold: { because: h1 },", "");
        changes.put("{ cpu: { types: [sev-snp] }", "{ cpu: { types: [sev-snp] }, gpu: { count: { min: 0, max: 1 } }");
        changes.put("mint: [affirming]", "mint: [affirming, warning]");
        changes.put("\"tests\"", "\"fun\"");
        changes.put("a: {", "b: {");
        changes.put("note: n", "note: m");
        changes.put("owner: o", "owner: p");
        changes.put("2027-06-01", "2027-06-02");
        changes.put(Bench.MEASUREMENT, Bench.OTHER_MEASUREMENT);
        changes.put("claim: launch_measurement", "claim: snp.measurement");
        changes.put("name: the rule", "name: a rule");
        changes.put("for: sev-snp", "for: cpu");
        changes.put("'!cpu.debug'", "'!cpu.migratable'");
        changes.put("sets: executables", "sets: hardware");
        changes.put("hint: h", "hint: i");
        changes.put("otherwise: warning", "otherwise: contraindicated");
        changes.put("affirms: 5", "affirms: 6");
        changes.put("It is wanted.", "It is needed.");
        AppraisalPolicy before = Bench.accepted(full);
        changes.forEach((from, to) -> {
            assertTrue(full.contains(from), from);
            assertNotEquals(
                    before.identity().digest(),
                    Bench.accepted(full.replace(from, to)).identity().digest(),
                    from);
        });
    }

    @Test
    void readsTolerancesAndAcceptance() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", """
                accept: { bindings: [countersign-v1, nonce], freshness: [caller] }
                tolerate: { crl-stale-for: 24h, waive: [{check: fake.revocation, because: We are offline.}] }
                """));
        assertEquals(Set.of(BindingMethod.COUNTERSIGN_V1, BindingMethod.NONCE), policy.bindings());
        assertEquals(Set.of(Freshness.CALLER), policy.freshness());
        assertEquals(Duration.ofHours(24), policy.tolerances().staleCrl());
        assertEquals(
                Map.of("fake.revocation", "We are offline."),
                policy.tolerances().waivers());
    }

    @Test
    void silenceMeansTheStrictDefaults() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug"));
        assertEquals(Set.of(BindingMethod.COUNTERSIGN_V1), policy.bindings());
        assertEquals(Set.of(Freshness.CHALLENGE), policy.freshness());
        assertEquals(Duration.ZERO, policy.tolerances().staleCrl());
        assertEquals(Map.of(), policy.tolerances().waivers());
        assertEquals(Duration.ofHours(24), policy.tolerances().ocspMaxAge());
        assertEquals(Optional.empty(), policy.tolerances().certificateHold());
        assertEquals(
                new Expectations(Set.of("sev-snp"), Expectations.Count.NONE, Expectations.Count.NONE),
                policy.expectations());
    }

    @Test
    void draftDrawsInNothing() {
        var reading = Bench.PARSER.parseDraft("policy: mine\nversion: '1'\nsummary: s\nextends: [baseline]\n");
        assertInstanceOf(PolicyReading.Refused.class, reading);
        var draft =
                assertInstanceOf(PolicyReading.Accepted.class, Bench.PARSER.parseDraft(Bench.policyWith("!cpu.debug")));
        assertEquals(AppraisalPolicy.Kind.DRAFT, draft.policy().kind());
    }

    @Test
    void caretStandsRightBelowWideCharacters() {
        var issue = new PolicyIssue(PolicyIssue.Severity.ERROR, "", 1, 3, "m", "", "日本x");
        assertTrue(issue.rendered().endsWith("\n    1 | 日本x\n      |     ^"), issue.rendered());
    }
}
