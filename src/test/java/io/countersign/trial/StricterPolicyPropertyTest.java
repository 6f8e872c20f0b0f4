package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseSource;
import io.countersign.service.wiring.TrialCases;
import io.countersign.trial.PolicyChange.Kind;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Appraiser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.policy.PolicyTest.TokenExpectation;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.policy.PolicyTrial.Overrides;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import io.countersign.verifier.policy.TrialException;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stricter policy admits no more, no policy admits what is undetermined, and the comparison of two says so. */
class StricterPolicyPropertyTest {
    private static final CaseSource SHIPPED = TrialCases.shipped();
    private static final List<String> MACHINES = List.of(
            "sev-snp/milan-v5",
            "sev-snp/genoa-v3",
            "sev-snp/turin-v5",
            "sev-snp/debug-allowed",
            "sev-snp/vmpl-3",
            "sev-snp/launched-on-old-firmware",
            "sev-snp/signed-by-another-key",
            "intel-tdx/v4",
            "intel-tdx/v5-td-1.5",
            "intel-tdx/event-log",
            "intel-tdx/debug",
            "intel-tdx/status-out-of-date",
            "intel-sgx/v3",
            "nvidia-gpu/snp-and-a-gpu",
            "nvidia-gpu/tdx-and-8-gpus-and-4-switches",
            "nvidia-gpu/key-and-8-gpus",
            "nvidia-gpu/devtools",
            "nvidia-gpu/relayed-gpu");
    private static final int POLICIES = 20;
    private static final int REQUESTS = 12;
    private static final Map<String, List<String>> FOUND = new HashMap<>();
    private static final List<Case> CASES = cases();
    private static final Map<Authenticated, Map<String, Authentication>> KNOWN = new HashMap<>();
    private static final Set<String> MOVES = new TreeSet<>();
    private static int requests;
    private static int admitted;
    private static int refusedByTheStricter;

    private record Authenticated(int index, Tolerances tolerances) {}

    /** A machine, with claims changed. */
    private record Request(int index, Overrides overrides) {
        Case judged() {
            return CASES.get(index);
        }
    }

    /** Each machine as it is, without endorsements, after its CRLs have ended, and answering to nothing. */
    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (String name : MACHINES) {
            Case found = find("fixture:" + name);
            Authenticating.of(found, Core.baseline().tolerances(), found.at())
                    .values()
                    .forEach(each -> each.claims().ifPresent(claims -> claims.byPath()
                            .forEach((path, value) -> FOUND.computeIfAbsent(path, _ -> new ArrayList<>())
                                    .add(String.valueOf(value)))));
            cases.add(found);
            cases.add(found);
            cases.add(found);
            for (String slot : found.endorsements().keySet()) {
                var fewer = new LinkedHashMap<>(found.endorsements());
                fewer.remove(slot);
                cases.add(changed(found, fewer, found.binding(), Duration.ZERO));
            }
            cases.add(changed(found, found.endorsements(), found.binding(), Duration.ofDays(20)));
            cases.add(changed(found, found.endorsements(), Binding.none(), Duration.ZERO));
        }
        FOUND.replaceAll((_, values) -> List.copyOf(new LinkedHashSet<>(values)));
        return List.copyOf(cases);
    }

    private static Case find(String name) {
        try {
            return SHIPPED.find(name);
        } catch (CaseException e) {
            throw new AssertionError(e);
        }
    }

    private static Case changed(
            Case found,
            Map<String, List<io.countersign.verifier.bytes.Bytes>> endorsements,
            Binding binding,
            Duration later) {
        return new Case(
                found.name(),
                found.evidence(),
                endorsements,
                found.gathered(),
                binding,
                found.at().plus(later),
                found.policy(),
                found.recorded());
    }

    private static Map<String, Authentication> authenticated(AppraisalPolicy policy, int index) {
        return KNOWN.computeIfAbsent(
                new Authenticated(index, policy.tolerances()),
                key -> Authenticating.of(
                        CASES.get(key.index()),
                        key.tolerances(),
                        CASES.get(key.index()).at()));
    }

    /** One or two claims that the machine makes, gone or the other way round. */
    private static Request request(Random random) {
        int index = random.nextInt(CASES.size());
        var with = new LinkedHashMap<String, Object>();
        var without = new ArrayList<String>();
        var paths = new ArrayList<Map.Entry<String, Object>>();
        authenticated(Core.baseline(), index)
                .forEach((label, authentication) -> authentication.claims().ifPresent(claims -> claims.byPath()
                        .forEach((path, value) -> paths.add(Map.entry(label + "." + path, value)))));
        int changes = paths.isEmpty() ? 0 : Math.max(0, random.nextInt(4) - 1);
        for (int i = 0; i < changes; i++) {
            var entry = paths.get(random.nextInt(paths.size()));
            if (entry.getValue() instanceof Boolean flag && random.nextBoolean()) {
                with.put(entry.getKey(), !flag);
            } else if (entry.getValue() instanceof Long number && random.nextBoolean()) {
                with.put(entry.getKey(), Math.max(0, number - 1));
            } else if (!with.containsKey(entry.getKey())) {
                without.add(entry.getKey());
            }
            without.removeAll(with.keySet());
        }
        return new Request(index, new Overrides(with, without));
    }

    private static TrialVerdict judge(AppraisalPolicy policy, Request request) {
        try {
            Case judged = request.judged();
            return PolicyTrial.judge(
                    policy,
                    judged.evidence(),
                    authenticated(policy, request.index()),
                    judged.binding(),
                    judged.at(),
                    request.overrides());
        } catch (TrialException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<AppraisalPolicy> policy(Sketch sketch) {
        PolicyReading reading = Core.POLICIES.parse(sketch.text(), Core.library(List.of()));
        return reading instanceof PolicyReading.Accepted accepted ? Optional.of(accepted.policy()) : Optional.empty();
    }

    static IntStream seeds() {
        return IntStream.range(0, 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aStricterPolicyAdmitsNoMoreAndNothingOpenIsAdmitted(int seed) {
        var random = new Random(20261123L + seed);
        var draw = new Draw(random, FOUND);
        for (int i = 0; i < POLICIES; i++) {
            Sketch sketch = draw.sketch();
            Optional<AppraisalPolicy> looser = policy(sketch);
            if (looser.isEmpty()) {
                continue;
            }
            List<Request> asked =
                    Stream.generate(() -> request(random)).limit(REQUESTS).toList();
            asked.forEach(request -> nothingOpenIsAdmitted(looser.get(), request));
            for (int moves = 0; moves < 4; moves++) {
                Optional<Draw.Move> move = draw.stricter(sketch);
                Optional<AppraisalPolicy> stricter = move.flatMap(each -> policy(each.sketch()));
                if (stricter.isPresent()) {
                    MOVES.add(move.get().name());
                    compare(sketch, looser.get(), move.get(), stricter.get(), asked);
                }
            }
        }
    }

    private static void compare(
            Sketch sketch, AppraisalPolicy looser, Draw.Move move, AppraisalPolicy stricter, List<Request> asked) {
        String both = "%s\n%s\n%s".formatted(move.name(), sketch, move.sketch());
        List<PolicyChange> forth = PolicyDiff.of(looser, stricter);
        List<PolicyChange> back = PolicyDiff.of(stricter, looser);
        boolean newlyMints = sketch.minting() == Sketch.Minting.NOTHING
                && forth.stream().anyMatch(change -> change.words().startsWith("tokens can be made now"));
        if (!newlyMints) {
            assertFalse(kinds(forth).contains(Kind.LOOSER), () -> forth + "\n" + both);
            assertFalse(kinds(back).contains(Kind.STRICTER), () -> back + "\n" + both);
        }
        if (!looser.identity().digest().equals(stricter.identity().digest())) {
            assertFalse(forth.isEmpty(), both);
        }
        for (Request request : asked) {
            TrialVerdict of = judge(looser, request);
            TrialVerdict strict = judge(stricter, request);
            requests++;
            if (strict.token() == TokenExpectation.ALLOWED) {
                admitted++;
                assertTrue(newlyMints || of.token() == TokenExpectation.ALLOWED, () -> request + "\n" + both);
            } else if (of.token() == TokenExpectation.ALLOWED) {
                refusedByTheStricter++;
            }
            // Where nothing lets tokens be made for all types, the rule that says so may come and go with expiry.
            if (sketch.minting() != Sketch.Minting.NOTHING && isGood(strict.status())) {
                assertTrue(isGood(of.status()), () -> request + "\n" + both);
                assertTrue(
                        strict.status() == TrustTier.WARNING || of.status() == TrustTier.AFFIRMING,
                        () -> request + "\n" + both);
            }
        }
    }

    private static boolean isGood(TrustTier tier) {
        return tier == TrustTier.AFFIRMING || tier == TrustTier.WARNING;
    }

    private static Set<Kind> kinds(List<PolicyChange> changes) {
        var kinds = new EnumMap<Kind, Boolean>(Kind.class);
        changes.forEach(change -> kinds.put(change.kind(), true));
        return kinds.keySet();
    }

    private static void nothingOpenIsAdmitted(AppraisalPolicy policy, Request request) {
        TrialVerdict verdict = judge(policy, request);
        if (verdict.rules().stream().anyMatch(rule -> !met(rule.outcome()))) {
            assertEquals(TokenExpectation.REFUSED, verdict.token(), () -> policy.source() + request);
        }
        if (verdict.rules().stream().anyMatch(StricterPolicyPropertyTest::isOpen)) {
            assertNotEquals(TrustTier.AFFIRMING, verdict.status(), () -> policy.source() + request);
        }
        Case judged = request.judged();
        Map<String, Authentication> byLabel = authenticated(policy, request.index());
        AttestationResult result =
                Appraiser.appraise(policy, judged.evidence(), byLabel, judged.binding(), judged.at());
        if (result.favourable()) {
            Stream.concat(
                            result.compositeChecks().checks().stream(),
                            byLabel.values().stream().flatMap(each -> each.report().checks().stream()))
                    .forEach(check -> assertTrue(mayAdmit(check, policy), () -> check + policy.source()));
            result.rules().forEach(rule -> assertTrue(met(rule.outcome()), () -> rule + policy.source()));
            assertTrue(policy.mintable().contains(result.status()), policy.source());
        }
    }

    private static boolean met(Outcome outcome) {
        return outcome instanceof Outcome.Passed || outcome instanceof Outcome.Waived;
    }

    private static boolean isOpen(RuleResult rule) {
        return rule.outcome() instanceof Outcome.Undetermined || rule.outcome() instanceof Outcome.NotReached;
    }

    /** Passed; waived by what the policy says; or the one check whose evidence may be left out. */
    private static boolean mayAdmit(Check check, AppraisalPolicy policy) {
        return switch (check.outcome()) {
            case Outcome.Passed _ -> true;
            case Outcome.Waived _ -> excuses(policy).test(check.id().code());
            case Outcome.Undetermined _ -> check.id().code().equals("tdx.event-log");
            case Outcome.Failed _, Outcome.NotReached _ -> false;
        };
    }

    private static java.util.function.Predicate<String> excuses(AppraisalPolicy policy) {
        Tolerances tolerances = policy.tolerances();
        return code -> tolerances.waivers().keySet().stream().anyMatch(each -> each.startsWith(code))
                || code.equals("tdx.tcb") && !tolerances.tcbStatuses().isEmpty()
                || code.equals("composite.binding") && policy.bindings().size() > 1;
    }

    /** Otherwise all of the above might hold because nothing is ever admitted. */
    @AfterAll
    static void enoughWasAdmittedAndRefused() {
        String counts = "%d requests, %d admitted by both, %d by the looser alone, moves %s"
                .formatted(requests, admitted, refusedByTheStricter, MOVES);
        assertTrue(requests > 5_000 && admitted > 300 && refusedByTheStricter > 40, counts);
        assertTrue(MOVES.size() >= 13, counts);
        System.out.println(counts);
    }
}
