package io.countersign.verifier.policy;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.policy.PolicyTest.TokenExpectation;
import io.countersign.verifier.policy.PolicyTrial.OpenCheck;
import io.countersign.verifier.policy.PolicyTrial.Overrides;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTrialTest {
    private static final AppraisalPolicy POLICY = Bench.accepted(Bench.policyWith(
            "!cpu.debug && !cpu.snp.policy.debug && cpu.snp.vmpl == 0", "any-workload: allow-because \"tests\""));
    private static final CompositeEvidence EVIDENCE = new CompositeEvidence(List.of(Bench.snpCpu()));
    private static final Outcome FAILED = new Outcome.Failed("good", "bad", "repair it");

    private static TrialVerdict judge(Authentication cpu, Overrides overrides) throws TrialException {
        return PolicyTrial.judge(POLICY, EVIDENCE, Map.of("cpu0", cpu), Bench.BOUND, Bench.NOW, overrides);
    }

    private static TrialVerdict judge(Overrides overrides) throws TrialException {
        return judge(Bench.genuine(Bench.SNP, Bench.milan()), overrides);
    }

    private static RuleResult rule(TrialVerdict verdict) {
        return verdict.rules().stream()
                .filter(each -> each.name().equals("the rule"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutOverridesItIsWhatTheServiceWouldSay() throws TrialException {
        TrialVerdict verdict = judge(Overrides.none());
        AttestationResult real = Bench.appraise(POLICY, Bench.milan());
        assertEquals(real.status(), verdict.status());
        assertEquals(real.rules(), verdict.rules());
        assertEquals(TokenExpectation.ALLOWED, verdict.token());
        assertEquals(List.of(), verdict.openChecks());
    }

    @Test
    void claimThatIsSetIsJudgedAsIfTheEvidenceSaidSo() throws TrialException {
        TrialVerdict verdict = judge(new Overrides(Map.of("cpu0.snp.vmpl", 1L), List.of()));
        assertEquals(TrustTier.CONTRAINDICATED, verdict.status());
        assertEquals(TokenExpectation.REFUSED, verdict.token());
        assertEquals(
                "cpu.snp.vmpl = 1",
                assertInstanceOf(Outcome.Failed.class, rule(verdict).outcome()).actual());
    }

    @Test
    void claimThatIsTakenAwayIsAbsent() throws TrialException {
        TrialVerdict verdict = judge(new Overrides(Map.of(), List.of("cpu0.snp.vmpl")));
        assertInstanceOf(Outcome.Undetermined.class, rule(verdict).outcome());
        assertEquals(TrustTier.NONE, verdict.status());
        assertEquals(TokenExpectation.REFUSED, verdict.token());
    }

    /** Common claims mirror those of the TEE; a test that sets one sets just that one. */
    @Test
    void settingOneOfTwoMirroredClaimsLeavesTheOther() throws TrialException {
        RuleResult rule = rule(judge(new Overrides(Map.of("cpu0.debug", true), List.of())));
        assertEquals(
                Map.of(
                        "cpu.debug", new Seen.Value(true),
                        "cpu.snp.policy.debug", new Seen.Value(false),
                        "cpu.snp.vmpl", new Seen.Value(0L)),
                rule.saw());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpu3.debug | the case holds no gpu3, only cpu0",
                "debug | the case holds no debug, only cpu0",
                "cpu0.snp.vmlp | has no claim \"snp.vmlp\"; did you mean \"snp.vmpl\"?",
                "cpu0 | has no claim \"\"",
            })
    void overrideThatNamesWhatIsNotThereIsRefused(String place, String said) {
        for (var overrides :
                List.of(new Overrides(Map.of(place, 1L), List.of()), new Overrides(Map.of(), List.of(place)))) {
            String message = String.valueOf(
                    assertThrows(TrialException.class, () -> judge(overrides)).getMessage());
            assertTrue(message.contains(said), message);
        }
    }

    @Test
    void overrideOfAWrongTypeIsRefused() {
        Map<String, Object> wrong = Map.of(
                "cpu0.debug",
                "true",
                "cpu0.snp.vmpl",
                -1L,
                "cpu0.snp.product",
                7L,
                "cpu0.snp.current_version",
                "1.55",
                "cpu0.launch_measurement",
                "5f",
                "cpu0.host_data",
                "AB".repeat(32),
                "cpu0.snp.notes",
                List.of(1L),
                "cpu0.snp.made",
                "yesterday");
        wrong.forEach((place, value) -> {
            var overrides = new Overrides(Map.of(place, value), List.of());
            String message = String.valueOf(
                    assertThrows(TrialException.class, () -> judge(overrides)).getMessage());
            assertTrue(message.startsWith(place + " is "), message);
        });
    }

    @Test
    void everyTypeOfClaimCanBeSet() throws TrialException {
        Map<String, Object> right = Map.of(
                "cpu0.debug",
                false,
                "cpu0.snp.vmpl",
                0L,
                "cpu0.snp.product",
                "Genoa",
                "cpu0.snp.current_version",
                "1.55.40",
                "cpu0.launch_measurement",
                "5f".repeat(48),
                "cpu0.snp.notes",
                List.of("a"),
                "cpu0.snp.made",
                "2026-11-23T12:00:00Z");
        assertEquals(
                TokenExpectation.ALLOWED, judge(new Overrides(right, List.of())).token());
    }

    @Test
    void settingAndTakingAwayTheSameClaimIsRefused() {
        var both = new Overrides(Map.of("cpu0.debug", true), List.of("cpu0.debug"));
        assertThrows(TrialException.class, () -> judge(both));
    }

    @Test
    void rejectedEvidenceCannotBeTalkedWell() throws TrialException {
        Authentication rejected = Bench.concluded(Bench.SNP, Bench.milan(), Map.of(FakeCheck.SIGNATURE, FAILED));
        var overrides = new Overrides(Map.of("cpu0.debug", false), List.of());
        assertThrows(TrialException.class, () -> judge(rejected, overrides));
        TrialVerdict verdict = judge(rejected, Overrides.none());
        assertEquals(TrustTier.CONTRAINDICATED, verdict.status());
        assertEquals(List.of(new OpenCheck("cpu0", new Check(FakeCheck.SIGNATURE, FAILED))), verdict.openChecks());
    }

    @Test
    void advisoriesGoByTheClaimsOfTheTest() throws TrialException {
        AppraisalPolicy policy = AdvisoriesTest.advising("cpu.snp.product == \"Genoa\"");
        var byLabel = Map.of("cpu0", Bench.genuine(Bench.SNP, Bench.milan()));
        for (var expected : Map.of("Genoa", 1, "Milan", 0).entrySet()) {
            var overrides = new Overrides(Map.of("cpu0.snp.product", expected.getKey()), List.of());
            assertEquals(
                    expected.getValue(),
                    PolicyTrial.judge(policy, EVIDENCE, byLabel, Bench.BOUND, Bench.NOW, overrides)
                            .advisories()
                            .size());
        }
    }

    /** Tokens are made of results, and the only place that makes one takes no overrides. */
    @Test
    void noTrialReachesAResult() {
        var core = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.countersign.verifier.policy");
        noClasses()
                .that()
                .doNotHaveSimpleName("Appraiser")
                .should()
                .callConstructorWhere(target(owner(type(AttestationResult.class))))
                .check(core);
        noClasses()
                .that()
                .doNotHaveSimpleName("PolicyTrial")
                .should()
                .callMethodWhere(target(name("ofSupposition")))
                .check(core);
        noClasses()
                .that()
                .haveSimpleName("PolicyTrial")
                .should()
                .dependOnClassesThat(type(AttestationResult.class))
                .check(core);
    }
}
