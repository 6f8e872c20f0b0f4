package io.countersign.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.testkit.Fixtures;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.snp.SnpCheck;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each input here once made a reader let out what it does not declare. */
class FoundByFuzzingTest {
    /** The last five hyphens of the beginning are the first five of the end. */
    static final String OVERLAPPING_PEM = "-----BEGIN CERTIFICATE-------END CERTIFICATE-----\n";

    @Test
    void pemBlockWhoseEndOverlapsItsBeginningIsMalformed() {
        var raw = new RawEvidence(
                Map.of("report", Seeds.report("milan-v3"), "certificates", Bytes.utf8(OVERLAPPING_PEM)));
        assertThrows(MalformedEvidenceException.class, () -> Core.SNP.parse(raw));
    }

    @Test
    void suchABlockBesideTheEvidenceFailsACheck() throws RefusedEvidenceException {
        Fixtures.Case milan = Fixtures.named("sev-snp/milan-v3");
        var evidence = new CompositeEvidence(List.of(
                Submodule.parse("cpu0", Core.SNP, new RawEvidence(Map.of("report", Seeds.report("milan-v3"))))));
        var brought = Endorsements.brought(Map.of("amd.certificates", List.of(Bytes.utf8(OVERLAPPING_PEM))));
        var result = new Verifier().appraise(evidence, brought, Core.baseline(), Binding.none(), milan.at());
        var report = result.submodules().getFirst().authentication().report();
        assertInstanceOf(Outcome.Failed.class, report.outcomeOf(SnpCheck.VEK_CHAIN));
    }

    /** The first filled the heap of whoever judged a draft that anybody may send. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.tee.matches(\"((((a{100}){100}){100}){100})\")",
                "matches(cpu.tee, \"(a{900}){900}\")",
                "cpu.tee.matches(\"a{100}{100}{100}{100}\")",
                "cpu.tee.matches(\"(a{1,100})*{100}\")",
                "cpu.tee.matches(\"(a\" + \"{100}){100}\")",
                "cpu.tee.matches(cpu.tee)",
                "cpu.tee.matches(\"a{501}b{500}\")"
            })
    void patternThatGrowsWhenCompiledIsRefused(String rule) {
        var reading = Core.POLICIES.parseDraft(Seeds.around(rule));
        assertInstanceOf(PolicyReading.Refused.class, reading, rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^sev-(snp|tdx)$", "^[0-9a-f]{8}-[0-9a-f]{4}$", "sev.*", "[a-z]{3,16}"})
    void ordinaryPatternIsRead(String pattern) {
        var reading = Core.POLICIES.parseDraft(Seeds.around("cpu.tee.matches(\"%s\")".formatted(pattern)));
        assertInstanceOf(PolicyReading.Accepted.class, reading, reading::rendered);
    }

    /** Each comment line took a little of the stack. */
    @Test
    void anchorFileMayHaveAnyNumberOfCommentLines() {
        String anchors = SoftwareAmds.anchorsPem();
        String commented = anchors.replaceFirst("-----BEGIN", "# a line\n".repeat(50_000) + "-----BEGIN");
        assertEquals(
                TrustAnchors.parse(anchors, TrustAnchors.Origin.LABORATORY)
                        .all()
                        .size(),
                TrustAnchors.parse(commented, TrustAnchors.Origin.LABORATORY)
                        .all()
                        .size());
    }
}
