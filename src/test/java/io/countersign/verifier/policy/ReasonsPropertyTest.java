package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AttestationResult;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For any rule and any claims, reasons agree with what a second, slow evaluator finds. */
class ReasonsPropertyTest {
    private static final List<String> FLAGS =
            List.of("debug", "migratable", "snp.policy.debug", "snp.platform_info.alias_check_complete");
    private static final List<String> NUMBERS =
            List.of("snp.vmpl", "snp.version", "snp.guest_svn", "snp.reported_tcb.snp", "snp.committed_tcb.snp");

    /** An expression with its text and what it is for some claims; empty when that is not known. */
    sealed interface Formula {
        record Flag(String path, boolean wanted) implements Formula {}

        record AtLeast(String path, long floor) implements Formula {}

        record And(Formula a, Formula b) implements Formula {}

        record Or(Formula a, Formula b) implements Formula {}

        record If(Formula condition, Formula yes, Formula no) implements Formula {}

        default String text() {
            return switch (this) {
                case Flag(var path, var wanted) -> (wanted ? "" : "!") + "cpu." + path;
                case AtLeast(var path, var floor) -> "cpu." + path + " >= " + floor;
                case And(var a, var b) -> "(" + a.text() + " && " + b.text() + ")";
                case Or(var a, var b) -> "(" + a.text() + " || " + b.text() + ")";
                case If(var condition, var yes, var no) ->
                    "(" + condition.text() + " ? " + yes.text() + " : " + no.text() + ")";
            };
        }

        default String demand() {
            return this instanceof Flag(var path, var wanted) ? "cpu." + path + " is " + wanted : text();
        }

        default Optional<Boolean> value(Map<String, Object> claims) {
            return switch (this) {
                case Flag(var path, var wanted) ->
                    Optional.ofNullable(claims.get(path)).map(flag -> flag.equals(wanted));
                case AtLeast(var path, var floor) ->
                    Optional.ofNullable(claims.get(path)).map(number -> (long) number >= floor);
                case And(var a, var b) -> settled(a.value(claims), b.value(claims), false);
                case Or(var a, var b) -> settled(a.value(claims), b.value(claims), true);
                case If(var condition, var yes, var no) ->
                    condition.value(claims).flatMap(met -> met ? yes.value(claims) : no.value(claims));
            };
        }

        /** The value that settles it by itself, whatever the other is; otherwise both must be known. */
        private static Optional<Boolean> settled(Optional<Boolean> a, Optional<Boolean> b, boolean settles) {
            if (a.equals(Optional.of(settles)) || b.equals(Optional.of(settles))) {
                return Optional.of(settles);
            }
            return a.isPresent() && b.isPresent() ? Optional.of(!settles) : Optional.empty();
        }

        /** The smallest parts that make a false formula false. */
        default Set<String> culprits(Map<String, Object> claims) {
            if (!value(claims).equals(Optional.of(false))) {
                return Set.of();
            }
            return switch (this) {
                case Flag _, AtLeast _ -> Set.of(demand());
                case And(var a, var b) -> both(a, b, claims);
                case Or(var a, var b) -> both(a, b, claims);
                case If(var condition, var yes, var no) ->
                    condition.value(claims).orElseThrow() ? yes.culprits(claims) : no.culprits(claims);
            };
        }

        private static Set<String> both(Formula a, Formula b, Map<String, Object> claims) {
            var all = new HashSet<>(a.culprits(claims));
            all.addAll(b.culprits(claims));
            return all;
        }
    }

    /** The same formulas and claims for the same seed, so that a failure can be repeated. */
    private record Draw(Random random) {
        Formula formula(int depth) {
            return switch (depth == 0 ? random.nextInt(2) : random.nextInt(7)) {
                case 0 -> new Formula.Flag(one(FLAGS), random.nextBoolean());
                case 1 -> new Formula.AtLeast(one(NUMBERS), random.nextInt(4));
                case 2, 3 -> new Formula.And(formula(depth - 1), formula(depth - 1));
                case 4, 5 -> new Formula.Or(formula(depth - 1), formula(depth - 1));
                default -> new Formula.If(formula(depth - 1), formula(depth - 1), formula(depth - 1));
            };
        }

        private String one(List<String> all) {
            return all.get(random.nextInt(all.size()));
        }

        /** One in six is absent. */
        Map<String, Object> claims() {
            var claims = new LinkedHashMap<String, Object>();
            FLAGS.forEach(path -> claims.put(path, random.nextBoolean()));
            NUMBERS.forEach(path -> claims.put(path, (long) random.nextInt(4)));
            claims.keySet().removeIf(_ -> random.nextInt(6) == 0);
            return claims;
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    private static PolicyReading policy(Formula formula) {
        return Bench.PARSER.parse(
                Bench.policyWith(formula.text(), "any-workload: allow-because \"tests\""),
                PolicyParser.Library.empty());
    }

    private static Set<String> reported(AppraisalPolicy policy, Map<String, Object> values) {
        Claims claims = Bench.claims(Bench.SNP, values);
        return policy.compiled().getFirst().finding(claims, policy.values(), Bench.NOW)
                        instanceof Grounds.Finding.NotMet(var wanted)
                ? wanted.operands().stream().map(Operand::demand).collect(Collectors.toSet())
                : Set.of();
    }

    private interface Holds {
        void check(Formula formula, AppraisalPolicy policy, Map<String, Object> claims);
    }

    private static void forAnyRuleAndClaims(int seed, Holds holds) {
        var draw = new Draw(new Random(seed));
        for (int rules = 0; rules < 10; rules++) {
            Formula formula = draw.formula(4);
            PolicyReading reading = policy(formula);
            for (int machines = 0; machines < 20; machines++) {
                Map<String, Object> claims = draw.claims();
                if (reading instanceof PolicyReading.Accepted accepted) {
                    holds.check(formula, accepted.policy(), claims);
                } else {
                    assertTrue(reading.rendered().contains("can never be true"), reading.rendered());
                    assertNotEquals(Optional.of(true), formula.value(claims), formula.text());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void failedOperandsAreExactlyThoseThatAreFalse(int seed) {
        forAnyRuleAndClaims(
                seed,
                (formula, policy, claims) ->
                        assertEquals(formula.culprits(claims), reported(policy, claims), formula.text()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void outcomeIsWhatTheFormulaIsAndWhatIsNotKnownNeverAdmits(int seed) {
        forAnyRuleAndClaims(seed, (formula, policy, claims) -> {
            AttestationResult result = Bench.appraise(policy, claims);
            Outcome outcome = Bench.ruleOutcome(result, "the rule");
            Optional<Boolean> value = formula.value(claims);
            assertEquals(value.map(met -> met ? "passed" : "failed").orElse("undetermined"), outcome.word());
            assertEquals(value.equals(Optional.of(true)), result.favourable());
            if (value.isEmpty()) {
                var open = assertInstanceOf(Outcome.Undetermined.class, outcome);
                assertTrue(open.missing().startsWith("the claim"), open.missing());
                claims.keySet()
                        .forEach(known -> assertFalse(
                                open.missing().matches(".*\\bcpu\\." + Pattern.quote(known) + "[, ].*"),
                                open.missing()));
            }
        });
    }
}
