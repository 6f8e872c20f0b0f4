package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.TrustTier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyExtensionTest {
    private static final String CHILD = "policy: child\nversion: '1'\nsummary: s\nextends: [%s]\n%s";

    private static String parent(String id, String ruleName, String require, String more) {
        return Bench.policyWith(require, more)
                .replace("policy: small", "policy: " + id)
                .replace("name: the rule", "name: " + ruleName);
    }

    private static PolicyReading read(String child, AppraisalPolicy... parents) {
        return Bench.PARSER.parse(child, PolicyParser.Library.of(List.of(parents)));
    }

    @Test
    void rulesAndReferencesOfAllParentsCount() {
        AppraisalPolicy one = Bench.accepted(parent("one", "no debug", "!cpu.debug", ""));
        AppraisalPolicy two = Bench.accepted(parent(
                "two",
                "known image",
                "cpu.launch_measurement in references.images",
                "references: { images: { claim: launch_measurement, note: n, values: ['" + Bench.MEASUREMENT
                        + "'] } }"));
        AppraisalPolicy child = Bench.accepted(CHILD.formatted("one, two", ""), one, two);
        assertEquals(
                List.of("no debug", "known image"),
                child.rules().stream().map(Rule::name).toList());
        var other = Bench.milan();
        other.put("launch_measurement", Bench.hex(Bench.OTHER_MEASUREMENT));
        assertEquals(TrustTier.AFFIRMING, Bench.appraise(child, Bench.milan()).status());
        assertEquals(TrustTier.CONTRAINDICATED, Bench.appraise(child, other).status());
    }

    @Test
    void theStrictestOfSeveralParentsCountsWhereTheChildIsSilent() {
        AppraisalPolicy one = Bench.accepted(parent("one", "a", "!cpu.debug", """
                accept: { bindings: [countersign-v1, nonce], freshness: [challenge, caller] }
                tolerate: { crl-stale-for: 2h, waive: [{check: fake.revocation, because: r}] }
                any-workload: allow-because "tests"
                mint: [affirming, warning]
                """));
        AppraisalPolicy two = Bench.accepted(parent(
                "two", "b", "!cpu.migratable", "accept: { freshness: [challenge] }\ntolerate: { crl-stale-for: 1h }"));
        AppraisalPolicy child = Bench.accepted(CHILD.formatted("one, two", ""), one, two);
        assertEquals(Set.of(BindingMethod.COUNTERSIGN_V1), child.bindings());
        assertEquals(Set.of(Freshness.CHALLENGE), child.freshness());
        assertEquals(Duration.ofHours(1), child.tolerances().staleCrl());
        assertEquals(Map.of(), child.tolerances().waivers());
        assertEquals(Set.of(TrustTier.AFFIRMING), child.mintable());
        assertTrue(child.anyWorkload().isEmpty(), "who lets any workload in says so in the same file");
    }

    @Test
    void waiversOfTheChildCarryItsName() {
        AppraisalPolicy one = Bench.accepted(
                parent("one", "a", "!cpu.debug", "tolerate: { waive: [{check: fake.revocation, because: r}] }"));
        AppraisalPolicy child = Bench.accepted(CHILD.formatted("one", ""), one);
        assertEquals(Map.of("fake.revocation", "r"), child.tolerances().waivers());
        assertEquals("child", child.tolerances().policy());
    }

    @Test
    void looseningIsSaidAloud() {
        AppraisalPolicy one = Bench.accepted(parent("one", "a", "!cpu.debug", ""));
        var reading = assertInstanceOf(
                PolicyReading.Accepted.class,
                read(CHILD.formatted("one", "accept: { bindings: [nonce] }\ntolerate: { crl-stale-for: 1h }\n"), one));
        assertEquals(2, reading.warnings().size());
    }

    @Test
    void doingWithFewerDevicesIsSaidAloud() {
        AppraisalPolicy two = Bench.accepted(expecting("two", "", "{ min: 2, max: 4 }"));
        for (String enough : List.of("2", "{ min: 3, max: 8 }")) {
            var reading = assertInstanceOf(
                    PolicyReading.Accepted.class, read(expecting("child", "extends: [two]\n", enough), two));
            assertEquals(List.of(), reading.warnings());
        }
        var reading = assertInstanceOf(
                PolicyReading.Accepted.class, read(expecting("child", "extends: [two]\n", "{ min: 0, max: 4 }"), two));
        assertEquals(
                List.of("fewer gpu devices are enough here than the policies drawn in demand"),
                reading.warnings().stream().map(PolicyIssue::message).toList());
    }

    private static String expecting(String id, String more, String gpus) {
        return parent(id, "rule of " + id, "!cpu.debug", more)
                .replace(
                        "expect: { cpu: { types: [sev-snp] } }",
                        "expect: { cpu: { types: [sev-snp] }, gpu: { count: " + gpus + " } }");
    }

    @Test
    void sameNameIsRefusedUnlessItSaysThatItReplaces() {
        AppraisalPolicy one = Bench.accepted(parent("one", "a", "cpu.snp.vmpl == 0", ""));
        String rule =
                "rules: [{ name: a, %s for: sev-snp, require: cpu.snp.vmpl <= 1, sets: configuration, because: b }]\n";
        assertInstanceOf(PolicyReading.Refused.class, read(CHILD.formatted("one", rule.formatted("")), one));
        AppraisalPolicy child = Bench.accepted(CHILD.formatted("one", rule.formatted("replaces: a,")), one);
        assertEquals(
                List.of("cpu.snp.vmpl <= 1"),
                child.rules().stream().map(Rule::require).toList());
        assertInstanceOf(
                PolicyReading.Refused.class, read(CHILD.formatted("one", rule.formatted("replaces: c,")), one));
    }

    @Test
    void aPolicyReachedOnTwoWaysCountsOnce() {
        AppraisalPolicy root = Bench.accepted(parent("root", "a", "!cpu.debug", ""));
        AppraisalPolicy left =
                Bench.accepted(CHILD.formatted("root", "").replace("policy: child", "policy: left"), root);
        AppraisalPolicy right =
                Bench.accepted(CHILD.formatted("root", "").replace("policy: child", "policy: right"), root);
        AppraisalPolicy child = Bench.accepted(CHILD.formatted("left, right", ""), left, right);
        assertEquals(1, child.rules().size());
    }

    @Test
    void parentsThatDisagreeAreRefused() {
        AppraisalPolicy one = Bench.accepted(parent("one", "a", "!cpu.debug", ""));
        AppraisalPolicy two = Bench.accepted(parent("two", "a", "!cpu.migratable", ""));
        AppraisalPolicy gpu = Bench.accepted(
                parent("gpus", "g", "!cpu.debug", "").replace("[sev-snp] }", "[sev-snp] }, gpu: { count: 8 }"));
        assertInstanceOf(PolicyReading.Refused.class, read(CHILD.formatted("one, two", ""), one, two));
        assertInstanceOf(PolicyReading.Refused.class, read(CHILD.formatted("one, gpus", ""), one, gpu));
    }

    @Test
    void referenceValuesCannotBeExchangedUnderneathARule() {
        String set = "references: { images: { claim: launch_measurement, note: n, values: ['%s'] } }\n";
        AppraisalPolicy one = Bench.accepted(
                parent("one", "a", "cpu.launch_measurement in references.images", set.formatted(Bench.MEASUREMENT)));
        assertInstanceOf(
                PolicyReading.Refused.class, read(CHILD.formatted("one", set.formatted(Bench.OTHER_MEASUREMENT)), one));
    }

    @Test
    void readsManyFilesInAnyOrderAndRefusesOnlyWhatDependsOnABadOne() {
        var files = new LinkedHashMap<String, String>();
        files.put("amd-tcb-floors.yaml", Bench.shipped("amd-tcb-floors"));
        files.put("cpu-only.yaml", Bench.shipped("cpu-only"));
        files.put("baseline.yaml", Bench.shipped("baseline"));
        files.put("bad.yaml", parent("bad", "a", "cpu.debugg", ""));
        files.put("leans-on-bad.yaml", CHILD.formatted("bad", ""));
        files.put("circle1.yaml", "policy: c1\nversion: '1'\nsummary: s\nextends: [c2]\n");
        files.put("circle2.yaml", "policy: c2\nversion: '1'\nsummary: s\nextends: [c1]\n");
        files.put("twin1.yaml", parent("twin", "a", "cpu.debug", ""));
        files.put("twin2.yaml", parent("twin", "a", "!cpu.debug", ""));
        Map<String, PolicyReading> readings = Bench.PARSER.parseAll(files);
        assertEquals(List.copyOf(files.keySet()), List.copyOf(readings.keySet()));
        assertEquals(
                List.of("cpu-only.yaml", "baseline.yaml"),
                readings.entrySet().stream()
                        .filter(entry -> entry.getValue() instanceof PolicyReading.Accepted)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static AppraisalPolicy expecting(String id, String count) {
        return Bench.accepted(parent(id, "of " + id, "!cpu.debug", "")
                .replace("[sev-snp] }", "[sev-snp] }, gpu: { count: " + count + " }"));
    }

    @Test
    void numbersOfDevicesAreThoseThatAllParentsAdmit() {
        AppraisalPolicy few = expecting("few", "{ min: 1, max: 4 }");
        AppraisalPolicy many = expecting("many", "{ min: 2, max: 8 }");
        AppraisalPolicy three = expecting("three", "3");
        AppraisalPolicy eight = expecting("eight", "8");
        assertEquals(
                new Expectations.Count(2, 4),
                Bench.accepted(CHILD.formatted("few, many", ""), few, many)
                        .expectations()
                        .gpus());
        assertEquals(
                new Expectations.Count(3, 3),
                Bench.accepted(CHILD.formatted("few, many, three", ""), few, many, three)
                        .expectations()
                        .gpus());
        assertInstanceOf(PolicyReading.Refused.class, read(CHILD.formatted("few, eight", ""), few, eight));
        assertEquals(
                new Expectations.Count(8, 8),
                Bench.accepted(CHILD.formatted("few, eight", "expect: { gpu: { count: 8 } }\n"), few, eight)
                        .expectations()
                        .gpus());
    }

    @Test
    void agesOfOcspAnswersAreTheShortestAndLooseningIsSaidAloud() {
        AppraisalPolicy silent = Bench.accepted(parent("silent", "a", "!cpu.debug", ""));
        AppraisalPolicy patient =
                Bench.accepted(parent("patient", "b", "!cpu.debug", "tolerate: { ocsp-max-age: 7d }"));
        AppraisalPolicy strict = Bench.accepted(parent("strict", "c", "!cpu.debug", "tolerate: { ocsp-max-age: 1h }"));
        assertEquals(Duration.ofDays(7), ocspMaxAge(read(CHILD.formatted("patient", ""), patient), 0));
        assertEquals(
                Duration.ofHours(24), ocspMaxAge(read(CHILD.formatted("patient, silent", ""), patient, silent), 0));
        assertEquals(
                Duration.ofHours(1),
                ocspMaxAge(read(CHILD.formatted("patient, silent, strict", ""), patient, silent, strict), 0));
        String days = "tolerate: { ocsp-max-age: 2d }\n";
        assertEquals(Duration.ofDays(2), ocspMaxAge(read(CHILD.formatted("silent", days), silent), 1));
        assertEquals(Duration.ofDays(2), ocspMaxAge(read(CHILD.formatted("patient", days), patient), 0));
    }

    private static Duration ocspMaxAge(PolicyReading reading, int warnings) {
        var accepted = assertInstanceOf(PolicyReading.Accepted.class, reading, reading.rendered());
        assertEquals(warnings, accepted.warnings().size(), reading.rendered());
        return accepted.policy().tolerances().ocspMaxAge();
    }

    @Test
    void holdIsInheritedOnlyFromAllParents() {
        AppraisalPolicy one =
                Bench.accepted(parent("one", "a", "!cpu.debug", "tolerate: { certificate-hold: { because: first } }"));
        AppraisalPolicy two =
                Bench.accepted(parent("two", "b", "!cpu.debug", "tolerate: { certificate-hold: { because: second } }"));
        AppraisalPolicy none = Bench.accepted(parent("none", "c", "!cpu.debug", ""));
        assertEquals(Optional.of("first"), hold("one, two", "", one, two));
        assertEquals(Optional.empty(), hold("one, none", "", one, none));
        assertEquals(Optional.of("own"), hold("none", "tolerate: { certificate-hold: { because: own } }\n", none));
        assertEquals(Optional.empty(), none.tolerances().certificateHold());
    }

    private static Optional<String> hold(String parents, String more, AppraisalPolicy... library) {
        return Bench.accepted(CHILD.formatted(parents, more), library)
                .tolerances()
                .certificateHold();
    }

    @Test
    void waiverForAllTypesCoversTheOneThatAnotherParentNames() {
        AppraisalPolicy all = Bench.accepted(
                parent("all", "a", "!cpu.debug", "tolerate: { waive: [{check: fake.revocation, because: wide}] }"));
        AppraisalPolicy one = Bench.accepted(parent(
                "one",
                "b",
                "!cpu.debug",
                "tolerate: { waive: [{check: fake.revocation, for: nvidia-gpu, because: narrow}] }"));
        AppraisalPolicy none = Bench.accepted(parent("none", "c", "!cpu.debug", ""));
        for (String parents : List.of("all, one", "one, all")) {
            assertEquals(
                    Map.of("fake.revocation@nvidia-gpu", "narrow"),
                    Bench.accepted(CHILD.formatted(parents, ""), all, one)
                            .tolerances()
                            .waivers());
        }
        assertEquals(
                Map.of(),
                Bench.accepted(CHILD.formatted("one, none", ""), one, none)
                        .tolerances()
                        .waivers());
    }
}
