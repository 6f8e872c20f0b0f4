package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.tdx.QuoteEvidence;
import io.countersign.verifier.tee.tdx.Quotes;
import io.countersign.verifier.tee.tdx.SgxScheme;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.trust.SignatureFacts;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the shipped policies and those of docs/policy.md say about TDs and enclaves that were really there. */
class IntelBaselineInTheFieldTest {
    private static final AttestationScheme<QuoteEvidence> TDX =
            new TdxScheme(Quotes.anchors(), Quotes.signatures(), SignatureFacts.forgetful());
    private static final AttestationScheme<QuoteEvidence> SGX =
            new SgxScheme(Quotes.anchors(), Quotes.signatures(), SignatureFacts.forgetful());

    private static final String COS = "tdx-v4-gcp-cos113@tdx-00806f050000-2025-05";
    private static final String COS_LOG = "eventlogs/ccel-gcp-cos113.bin";
    private static final String DSTACK = "tdx-v4-dstack-report@tdx-90c06f000000-2026-02";
    private static final String DSTACK_LOG = "eventlogs/dstack-quote-report-eventlog.json";
    private static final String OUTDATED = "tdx-v4-phala@tdx-b0c06f000000-2026-08";

    /** No capture answers a nonce of ours, and most come without their log. */
    private static final Set<String> NOT_ASKED =
            Set.of("tdx.binding", "tdx.event-log", "composite.binding", RequestRules.BINDING);

    /** What stands in the way of those that the manifest says are to be refused, beside what was not asked. */
    private static final Map<String, Set<String>> REFUSED = new TreeMap<>();

    static java.util.List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    private static AttestationResult judge(AppraisalPolicy policy, Quotes.Case read, Map<String, Bytes> more)
            throws RefusedEvidenceException {
        var members = new HashMap<>(more);
        members.put("quote", read.quote());
        var cpu = Submodule.parse("cpu0", read.ofTd() ? TDX : SGX, new RawEvidence(members));
        return new Verifier()
                .appraise(
                        new CompositeEvidence(java.util.List.of(cpu)),
                        read.brought(),
                        policy,
                        Binding.none(),
                        read.at());
    }

    /** The codes of checks and names of rules that ended so. */
    private static Set<String> ended(AttestationResult result, Predicate<Outcome> how) {
        var found = new TreeSet<String>();
        result.submodules().getFirst().authentication().report().checks().stream()
                .filter(check -> how.test(check.outcome()))
                .map((Check check) -> check.id().code())
                .forEach(found::add);
        result.compositeChecks().checks().stream()
                .filter(check -> how.test(check.outcome()))
                .map(check -> check.id().code())
                .forEach(found::add);
        result.rules().stream()
                .filter(rule -> how.test(rule.outcome()))
                .map(RuleResult::name)
                .forEach(found::add);
        return found;
    }

    private static Set<String> inTheWay(AttestationResult result) {
        Set<String> found = ended(result, outcome -> !outcome.admits());
        found.removeAll(NOT_ASKED);
        return found;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void baselineSaysOfEveryCaptureWhatTheManifestSays(Quotes.Case read) throws RefusedEvidenceException {
        AttestationResult result = judge(Core.baseline(), read, Map.of());
        boolean accept = read.json().get("verdict_default_policy").asText().equals("accept");
        System.out.println("@@ " + read.id() + " " + accept + " " + inTheWay(result));
        if (accept) {
            assertEquals(Set.of(), inTheWay(result));
            assertEquals(Set.of(), ended(result, Outcome.Failed.class::isInstance));
        } else {
            assertFalse(inTheWay(result).isEmpty());
            assertNotEquals(TrustTier.AFFIRMING, result.status());
        }
    }
}
