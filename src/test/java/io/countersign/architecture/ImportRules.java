package io.countersign.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** The rules, for a project below any root package: ours, or one made to break them. */
final class ImportRules {
    private final String root;

    ImportRules(String root) {
        this.root = root;
    }

    /** Every rule by a name for people. */
    Map<String, ArchRule> all() {
        var rules = new TreeMap<String, ArchRule>();
        rules.put("the core knows neither the shell nor the software attester", coreKnowsNoShell());
        rules.put("the core uses no framework, network, file, logger or thread", coreUsesNoWorld());
        rules.put("the core reads no clock, randomness, environment or resource", coreAsksNoWorld());
        rules.put("classes of the core are closed", coreIsClosed());
        rules.put("the foundations of the core know no scheme, policy, result or token", foundationsKnowNoScheme());
        rules.put("no part of the core but a TEE's own folder knows a TEE", coreKnowsNoTee());
        rules.put("TEEs do not know each other", teesAreApart());
        rules.put("packages form no cycles", packagesFormNoCycles());
        rules.put("the API reaches neither TEEs nor trust", apiReachesNoTrust());
        rules.put("gathering does not know the API", gatheringKnowsNoApi());
        rules.put("the software attester is used by nothing", insecureIsUnused());
        rules.put("every package is null-marked", packagesAreNullMarked());
        rules.putAll(new TrialRules(root).all());
        return rules;
    }

    private ArchRule coreKnowsNoShell() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".verifier..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".service..", root + ".cli..", root + ".insecure..");
    }

    private ArchRule coreUsesNoWorld() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".verifier..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "io.quarkus..",
                                        "io.smallrye..",
                                        "io.vertx..",
                                        "io.netty..",
                                        "io.micrometer..",
                                        "org.eclipse.microprofile..",
                                        "jakarta..",
                                        "javax.inject..",
                                        "javax.net..",
                                        "javax.script..",
                                        "java.net..",
                                        "java.nio.file..",
                                        "java.nio.channels..",
                                        "java.util.logging..",
                                        "java.lang.foreign..",
                                        "org.slf4j..",
                                        "org.jboss..",
                                        "org.apache..")
                                .or(
                                        named(
                                                "a file, stream of the process, logger, process or thread",
                                                "java\\.io\\.(File.*|RandomAccessFile|Console|PrintStream)"
                                                        + "|java\\.lang\\.(System\\$Logger.*|Thread.*|ProcessBuilder|Process|Runtime|InheritableThreadLocal)"
                                                        + "|java\\.util\\.(Timer|TimerTask|concurrent\\.(Executor.*|.*ThreadPool.*|CompletableFuture|ForkJoin.*|StructuredTaskScope.*))")));
    }

    private ArchRule coreAsksNoWorld() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".verifier..")
                .should()
                .dependOnClassesThat(
                        named(
                                "a clock or source of randomness",
                                "java\\.time\\.(Clock|InstantSource)"
                                        + "|java\\.security\\.SecureRandom"
                                        + "|java\\.util\\.(Random|SplittableRandom|random\\..*|concurrent\\.ThreadLocalRandom)"))
                .orShould()
                .accessTargetWhere(asks("java\\.time\\..*", "now|systemUTC|systemDefaultZone"))
                .orShould()
                .accessTargetWhere(asks(
                        "java\\.lang\\.System", "currentTimeMillis|nanoTime|getenv|getProperty|out|err|in|getLogger"))
                .orShould()
                .accessTargetWhere(asks("java\\.util\\.(Date|Calendar|GregorianCalendar)", "<init>|getInstance"))
                .orShould()
                .accessTargetWhere(asks("java\\.util\\.(UUID|Collections)", "randomUUID|shuffle"))
                .orShould()
                .accessTargetWhere(asks("java\\.lang\\.(Math|StrictMath)", "random"))
                .orShould()
                .accessTargetWhere(
                        asks("java\\.lang\\.(Class|ClassLoader|Module)", "getResource.*|getSystemResource.*"));
    }

    /** Sealed, final, or no class at all: nobody changes by inheritance what the core decides. */
    private ArchRule coreIsClosed() {
        return classes()
                .that()
                .resideInAPackage(root + ".verifier..")
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAssignableTo(Enum.class)
                .and()
                .areNotAnonymousClasses()
                .and(describe("are no package descriptions", each -> !each.getSimpleName()
                        .equals("package-info")))
                .should(new ArchCondition<>("be final or sealed") {
                    @Override
                    public void check(JavaClass each, ConditionEvents events) {
                        boolean closed = each.getModifiers().contains(JavaModifier.FINAL)
                                || each.reflect().isSealed();
                        events.add(new SimpleConditionEvent(each, closed, each.getName() + " can be extended"));
                    }
                });
    }

    private ArchRule foundationsKnowNoScheme() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".verifier.bytes..",
                        root + ".verifier.check..",
                        root + ".verifier.claim..",
                        root + ".verifier.trust..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        root + ".verifier",
                        root + ".verifier.scheme..",
                        root + ".verifier.tee..",
                        root + ".verifier.policy..",
                        root + ".verifier.result..",
                        root + ".verifier.token..")
                .allowEmptyShould(false);
    }

    private ArchRule coreKnowsNoTee() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".verifier..")
                .and()
                .resideOutsideOfPackage(root + ".verifier.tee..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".verifier.tee..");
    }

    private ArchRule teesAreApart() {
        return slices().matching(root + ".verifier.tee.(*)..").should().notDependOnEachOther();
    }

    private ArchRule packagesFormNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private ArchRule apiReachesNoTrust() {
        return noClasses()
                .that()
                .resideInAnyPackage(root + ".service.api..", root + ".service.dialect..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".verifier.tee..", root + ".verifier.trust..");
    }

    private ArchRule gatheringKnowsNoApi() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".service.collateral..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".service.api..");
    }

    private ArchRule insecureIsUnused() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".insecure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".insecure..");
    }

    private ArchRule packagesAreNullMarked() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(new ArchCondition<>("reside in a package that is @NullMarked") {
                    @Override
                    public void check(JavaClass each, ConditionEvents events) {
                        boolean marked = each.getPackage().isAnnotatedWith(NullMarked.class);
                        events.add(new SimpleConditionEvent(
                                each, marked, "the package of " + each.getName() + " is not @NullMarked"));
                    }
                });
    }

    static DescribedPredicate<JavaClass> named(String what, String pattern) {
        Pattern names = Pattern.compile(pattern);
        return describe(what, each -> names.matcher(each.getName()).matches());
    }

    static DescribedPredicate<JavaAccess<?>> asks(String owner, String member) {
        Pattern owners = Pattern.compile(owner);
        Pattern members = Pattern.compile(member);
        return describe(
                "%s of %s".formatted(member, owner),
                access -> owners.matcher(access.getTargetOwner().getName()).matches()
                        && members.matcher(access.getName()).matches());
    }

    /** The names of all rules. */
    Set<String> names() {
        return all().keySet();
    }
}
