package io.countersign.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The rules for what stands between the core and people: cases, trying policies, importing values, the command line. */
final class TrialRules {
    private final String root;

    TrialRules(String root) {
        this.root = root;
    }

    Map<String, ArchRule> all() {
        var rules = new TreeMap<String, ArchRule>();
        rules.put(
                "cases know the core and the request readers alone",
                knows("cases", root + ".verifier..", root + ".service.api.request.."));
        rules.put(
                "trying policies knows the core and cases alone",
                knows("trial", root + ".verifier..", root + ".cases.."));
        rules.put(
                "imports know bytes, trust and RIMs alone",
                knows(
                        "imports",
                        root + ".verifier.bytes..",
                        root + ".verifier.trust..",
                        root + ".verifier.tee.nvgpu.rim..",
                        root + ".verifier.tee.nvgpu.pki.."));
        rules.put("imports read no file and ask for no time", importsArePure());
        rules.put("the command line is used by nothing", commandLineIsUnused());
        rules.put("the command line needs no server", commandLineNeedsNoServer());
        rules.put("the laboratory's cases reach nothing but tests of policies", laboratoryIsForTests());
        rules.put("only the appraiser makes a result", onlyTheAppraiserMakesResults());
        return rules;
    }

    /** Of our own classes a package uses its own and those in these packages. */
    private ArchRule knows(String name, String... packages) {
        String own = root + "." + name + "..";
        DescribedPredicate<JavaClass> others = resideInAPackage(root + "..")
                .and(resideOutsideOfPackages(packages))
                .and(resideOutsideOfPackages(own));
        return noClasses().that().resideInAPackage(own).should().dependOnClassesThat(others);
    }

    private ArchRule importsArePure() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".imports..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.net..", "org.jboss..", "jakarta..")
                        .or(ImportRules.named(
                                "a file or a clock", "java\\.io\\.File.*|java\\.time\\.(Clock|InstantSource)")))
                .orShould()
                .accessTargetWhere(ImportRules.asks("java\\.time\\..*", "now|systemUTC|systemDefaultZone"))
                .orShould()
                .accessTargetWhere(
                        ImportRules.asks("java\\.lang\\.System", "currentTimeMillis|nanoTime|getenv|out|err|in"));
    }

    private ArchRule commandLineIsUnused() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".cli..");
    }

    private ArchRule commandLineNeedsNoServer() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..", "io.vertx..", "jakarta..", "org.eclipse.microprofile..", "io.smallrye..");
    }

    /** The service authenticates requests by its own anchors; who finds cases might take the laboratory's for them. */
    private ArchRule laboratoryIsForTests() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".service..")
                .and()
                .resideOutsideOfPackages(root + ".service.wiring..", root + ".service.policies..")
                .should()
                .dependOnClassesThat(ImportRules.named(
                        "a source of cases",
                        Pattern.quote(root) + "\\.(cases\\.(CaseSource|Cases)|service\\.wiring\\.TrialCases)(\\$.*)?"));
    }

    private ArchRule onlyTheAppraiserMakesResults() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".verifier.policy.Appraiser")
                .should()
                .accessTargetWhere(
                        ImportRules.asks(Pattern.quote(root) + "\\.verifier\\.result\\.AttestationResult", "<init>"));
    }
}
