package io.countersign.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.countersign");
    private static final ImportRules RULES = new ImportRules("io.countersign");

    private static final String BAD = "io.countersign.architecture.bad";
    private static final JavaClasses BAD_CLASSES = new ClassFileImporter().importPackages(BAD);
    private static final ImportRules RULES_FOR_BAD = new ImportRules(BAD);

    static Set<String> rules() {
        return RULES.names();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ruleHolds(String name) {
        rule(RULES, name).check(OURS);
    }

    /** Whoever breaks a rule, and the rule that must say so. One line for each thing that a rule forbids. */
    @ParameterizedTest
    @CsvSource({
        "verifier.UsesTheShell, the core knows neither the shell nor the software attester",
        "verifier.UsesTheAttester, the core knows neither the shell nor the software attester",
        "verifier.UsesFiles, 'the core uses no framework, network, file, logger or thread'",
        "verifier.UsesOldFiles, 'the core uses no framework, network, file, logger or thread'",
        "verifier.UsesTheNetwork, 'the core uses no framework, network, file, logger or thread'",
        "verifier.UsesALogger, 'the core uses no framework, network, file, logger or thread'",
        "verifier.UsesAThread, 'the core uses no framework, network, file, logger or thread'",
        "verifier.UsesInjection, 'the core uses no framework, network, file, logger or thread'",
        "verifier.AsksTheTime, 'the core reads no clock, randomness, environment or resource'",
        "verifier.AsksAClock, 'the core reads no clock, randomness, environment or resource'",
        "verifier.AsksForRandomness, 'the core reads no clock, randomness, environment or resource'",
        "verifier.AsksTheEnvironment, 'the core reads no clock, randomness, environment or resource'",
        "verifier.AsksForAResource, 'the core reads no clock, randomness, environment or resource'",
        "verifier.PrintsSomething, 'the core reads no clock, randomness, environment or resource'",
        "verifier.CanBeExtended, classes of the core are closed",
        "verifier.trust.Trust, 'the foundations of the core know no scheme, policy, result or token'",
        "verifier.KnowsATee, no part of the core but a TEE's own folder knows a TEE",
        "verifier.tee.one.One, TEEs do not know each other",
        "verifier.tee.one.One, packages form no cycles",
        "service.api.Resource, the API reaches neither TEEs nor trust",
        "service.api.OtherResource, the API reaches neither TEEs nor trust",
        "service.collateral.Source, gathering does not know the API",
        "service.api.DemoResource, the software attester is used by nothing",
        "unmarked.Nulls, every package is null-marked",
        "cases.CaseSource, cases know the core and the request readers alone",
        "trial.TryOut, trying policies knows the core and cases alone",
        "imports.ListReader, 'imports know bytes, trust and RIMs alone'",
        "imports.ReadsFiles, imports read no file and ask for no time",
        "imports.AsksTheTime, imports read no file and ask for no time",
        "service.policies.Loaded, the command line is used by nothing",
        "cli.Main, the command line needs no server",
        "service.collateral.UsesTheLaboratory, the laboratory's cases reach nothing but tests of policies",
        "verifier.MakesAResult, only the appraiser makes a result",
    })
    void ruleSaysWhoBreaksIt(String violator, String name) {
        String said = violations(name);
        assertTrue(said.contains(BAD + "." + violator), said);
    }

    @Test
    void everyRuleIsSeenToFail() throws NoSuchMethodException {
        CsvSource broken = Objects.requireNonNull(ArchitectureTest.class
                .getDeclaredMethod("ruleSaysWhoBreaksIt", String.class, String.class)
                .getAnnotation(CsvSource.class));
        var seen = new TreeSet<String>();
        Arrays.stream(broken.value())
                .map(line -> line.substring(line.indexOf(',') + 1).strip().replaceAll("^'|'$", ""))
                .forEach(seen::add);
        assertEquals(RULES.names(), seen);
    }

    /** Without this a rule about a package that was renamed would hold for ever. */
    @Test
    void rulesAreAboutPackagesThatExist() {
        for (String name : List.of(
                "verifier.bytes",
                "verifier.check",
                "verifier.claim",
                "verifier.trust",
                "verifier.scheme",
                "verifier.policy",
                "verifier.result",
                "verifier.token",
                "verifier.tee.snp",
                "service.api",
                "service.collateral",
                "service.wiring",
                "service.policies",
                "cases",
                "trial",
                "imports.corim",
                "cli",
                "insecure")) {
            assertTrue(OURS.containPackage("io.countersign." + name), name);
        }
    }

    private static String violations(String name) {
        ArchRule rule = rule(RULES_FOR_BAD, name);
        return String.valueOf(assertThrows(AssertionError.class, () -> rule.check(BAD_CLASSES))
                .getMessage());
    }

    private static ArchRule rule(ImportRules rules, String name) {
        return Objects.requireNonNull(rules.all().get(name), name);
    }
}
