package io.countersign.service.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.wiring.TrialCases;
import io.countersign.trial.Yardstick;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShadowsTest {
    private static final AppraisalPolicy BASELINE = Core.baseline();

    /** Counts, as metrics would. */
    private static class Counted implements ShadowObserver {
        final Map<String, Integer> counts = new ConcurrentHashMap<>();
        final AtomicInteger dropped = new AtomicInteger();

        @Override
        public void judged(String policy, String shadow, Yardstick.Change change) {
            counts.merge(policy + " " + shadow + " " + change.word(), 1, Integer::sum);
        }

        @Override
        public void rule(String policy, String shadow, String rule, String outcome) {
            counts.merge(rule + " " + outcome, 1, Integer::sum);
        }

        @Override
        public void dropped() {
            dropped.incrementAndGet();
        }

        @Override
        public void failed() {
            counts.merge("failed", 1, Integer::sum);
        }
    }

    private static AppraisalPolicy stricter(String more) {
        return Core.policy("""
            policy: stricter
            version: "1"
            summary: To try.
            extends: [baseline]
            %srules:
              - name: has an SVN of tomorrow
                for: sev-snp
                require: cpu.snp.guest_svn >= 4000000
                sets: configuration
                because: Nobody does.
            """.formatted(more), BASELINE);
    }

    private static Bystander.Judged judged() throws CaseException {
        Case milan = TrialCases.shipped().find("fixture:sev-snp/milan-v3");
        var request = new AppraisalRequest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                milan.binding(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                milan.endorsements());
        return new Bystander.Judged(
                Bystander.Occasion.ATTESTATION,
                request,
                milan.evidence(),
                milan.inHand(),
                BASELINE,
                new Verifier().appraise(milan.evidence(), milan.inHand(), BASELINE, milan.binding(), milan.at()));
    }

    @Test
    void whatWaitsIsBoundedByItsBytesToo() throws CaseException {
        var open = new CountDownLatch(1);
        var counted = new Counted() {
            @Override
            public void judged(String policy, String shadow, Yardstick.Change change) {
                try {
                    assertTrue(open.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Bystander.Judged small = judged();
        AppraisalRequest request = small.request();
        var large = new Bystander.Judged(
                small.occasion(),
                new AppraisalRequest(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        request.binding(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Map.of("amd.crl", List.of(Bytes.copyOf(new byte[4 * 1024 * 1024])))),
                small.evidence(),
                small.inHand(),
                small.policy(),
                small.result());
        try (var shadows = new Shadows(_ -> List.of(BASELINE), counted)) {
            for (int i = 0; i < 20; i++) {
                shadows.judged(large);
            }
            assertEquals(12, counted.dropped.get());
            open.countDown();
        }
    }

    private static Counted count(AppraisalPolicy shadow) throws CaseException {
        var counted = new Counted();
        try (var shadows = new Shadows(id -> id.equals("baseline") ? List.of(shadow) : List.of(), counted)) {
            shadows.judged(judged());
            shadows.judged(judged());
        }
        return counted;
    }

    @Test
    void aStricterShadowCountsWhomItWouldRefuseRuleByRule() throws CaseException {
        Counted counted = count(stricter(""));
        assertEquals(2, counted.counts.get("baseline stricter newly-refused"));
        assertEquals(2, counted.counts.get("has an SVN of tomorrow failed"));
        assertEquals(2, counted.counts.get("guest cannot be debugged passed"));
    }

    @Test
    void otherTolerancesAreJudgedAnew() throws CaseException {
        Counted counted = count(
                stricter("tolerate:\n  waive:\n    - { check: snp.revocation, because: There is no way to AMD. }\n"));
        assertEquals(2, counted.counts.get("baseline stricter newly-refused"));
    }

    @Test
    void theSamePolicyWouldSayTheSame() throws CaseException {
        assertEquals(2, count(BASELINE).counts.get("baseline baseline same"));
    }

    @Test
    void whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() throws CaseException, InterruptedException {
        var open = new CountDownLatch(1);
        var counted = new Counted() {
            @Override
            public void judged(String policy, String shadow, Yardstick.Change change) {
                try {
                    assertTrue(open.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                super.judged(policy, shadow, change);
            }
        };
        Bystander.Judged judged = judged();
        try (var shadows = new Shadows(_ -> List.of(BASELINE), counted)) {
            for (int i = 0; i < 1000; i++) {
                shadows.judged(judged);
            }
            assertTrue(counted.dropped.get() >= 1000 - 258, String.valueOf(counted.dropped.get()));
            open.countDown();
        }
        assertEquals(1000, counted.dropped.get() + counted.counts.getOrDefault("baseline baseline same", 0));
    }
}
