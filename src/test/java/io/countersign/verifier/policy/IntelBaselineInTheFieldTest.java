package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final Set<String> TCB = Set.of("tdx.tcb");

    /** Only in the way because nothing was brought: a service that fetches would get it. */
    private static Set<String> without(String tee, String... more) {
        var missing = new TreeSet<>(
                Set.of("tdx.collateral", "tdx.revocation", "TCB info of the " + tee + " is as new as any seen here"));
        missing.addAll(List.of(more));
        return missing;
    }

    /** What stands in the way of those that the manifest says are to be refused, beside what was not asked. */
    private static final Map<String, Set<String>> REFUSED = Map.ofEntries(
            Map.entry(OUTDATED, TCB),
            Map.entry("sgx-v3-phala@sgx-00a067110000-2025-06", TCB),
            Map.entry("tdx-v4-tappd@tdx-b0c06f000000-2025-06", TCB),
            Map.entry("tdx-v5-dstack-outdated@tdx-90c06f000000-2026-02", TCB),
            Map.entry("tdx-v4-debug@tdx-50806f000000-2023-06", Set.of("guest cannot be debugged")),
            Map.entry("tdx-v4-debug@tdx-50806f000000-2026-03", Set.of("guest cannot be debugged", "tdx.tcb")),
            Map.entry("tdx-v4-go-spr-e4@tdx-50806f000000-2023-06", Set.of("tdx.format", "tdx.tcb")),
            Map.entry("tdx-v4-gnr-trustee6@tdx-00a06d080000-2025-10-no-pck-crl", Set.of("tdx.revocation", "tdx.tcb")),
            Map.entry("tdx-v4-edgeless@tdx-00806f050000-2025-05", TCB),
            Map.entry("tdx-v4-azure-evidence-v1@tdx-00806f050000-2025-05", TCB),
            Map.entry("sgx-v3-tlsn-9@sgx-00906ed50000-2025-05-standard", TCB),
            Map.entry("sgx-v3-tlsn-9@sgx-00906ed50000-2025-05-early", TCB),
            Map.entry("sgx-v3-tlsn-9@sgx-00906ed50000-2025-05-tcbinfo-v2", TCB),
            Map.entry("tdx-v4-dstack-ratls@tdx-b0c06f000000-2025-06", TCB),
            Map.entry("sgx-v3-occlum-debug@no-collateral", without("enclave", "guest cannot be debugged")),
            Map.entry("sgx-v3-xeon6@no-collateral", without("enclave")),
            Map.entry("tdx-v4-pcci-a@no-collateral", without("TD")));

    static List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    private static AttestationResult judge(AppraisalPolicy policy, Quotes.Case read, Map<String, Bytes> more)
            throws RefusedEvidenceException {
        var members = new HashMap<>(more);
        members.put("quote", read.quote());
        var cpu = Submodule.parse("cpu0", read.ofTd() ? TDX : SGX, new RawEvidence(members));
        return new Verifier()
                .appraise(new CompositeEvidence(List.of(cpu)), read.brought(), policy, Binding.none(), read.at());
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

    /** What follows from something else, and so is not reached, is left out. */
    private static Set<String> inTheWay(AttestationResult result) {
        Set<String> found = ended(result, outcome -> !outcome.admits() && !(outcome instanceof Outcome.NotReached));
        found.removeAll(NOT_ASKED);
        return found;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void baselineSaysOfEveryCaptureWhatTheManifestSays(Quotes.Case read) throws RefusedEvidenceException {
        AttestationResult result = judge(Core.baseline(), read, Map.of());
        boolean accept = read.json().get("verdict_default_policy").asText().equals("accept");
        assertEquals(REFUSED.getOrDefault(read.id(), Set.of()), inTheWay(result));
        assertEquals(!accept, REFUSED.containsKey(read.id()));
        // Nothing is bound to a nonce, so the best there is here is "none".
        boolean failed = !ended(result, Outcome.Failed.class::isInstance).isEmpty();
        assertEquals(failed ? TrustTier.CONTRAINDICATED : TrustTier.NONE, result.status());
    }

    private static Outcome tcb(AttestationResult result) {
        return result.submodules().getFirst().authentication().report().checks().stream()
                .filter(check -> check.id().code().equals("tdx.tcb"))
                .map(Check::outcome)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void toleratedStatusIsWaivedWithThePolicysReasonAndNothingElseIs() throws IOException, RefusedEvidenceException {
        AppraisalPolicy tolerant = PolicyDocsTest.policy("racks-being-updated");
        AttestationResult outdated = judge(tolerant, Quotes.named(OUTDATED), Map.of());
        assertEquals(Set.of(), inTheWay(outdated));
        var waived = assertInstanceOf(Outcome.Waived.class, tcb(outdated));
        assertEquals("racks-being-updated", waived.byPolicy());
        assertTrue(waived.reason().contains("OutOfDate"), waived.reason());
        assertTrue(waived.reason().contains("ticket OPS-812"), waived.reason());
        // What Intel does not list at all is not what was tolerated, nor are other racks that lack more.
        for (String id : List.of(
                "tdx-v4-tappd@tdx-b0c06f000000-2025-06",
                "tdx-v4-dstack-ratls@tdx-b0c06f000000-2025-06",
                "tdx-v5-dstack-outdated@tdx-90c06f000000-2026-02")) {
            assertInstanceOf(Outcome.Failed.class, tcb(judge(tolerant, Quotes.named(id), Map.of())), id);
        }
        AttestationResult older = judge(tolerant, Quotes.named("tdx-v4-edgeless@tdx-00806f050000-2025-05"), Map.of());
        assertInstanceOf(Outcome.Waived.class, tcb(older));
        assertEquals(Set.of("nothing but that update is missing", "platform is one of ours"), inTheWay(older));
    }

    @Test
    void exampleForAFixedImageFitsTheGenuineTdAndNoOther() throws IOException, RefusedEvidenceException {
        AppraisalPolicy cos = PolicyDocsTest.policy("container-optimized-os");
        assertEquals(Set.of(), inTheWay(judge(cos, Quotes.named(COS), Map.of())));
        assertEquals(Set.of(), inTheWay(judge(cos, Quotes.named(COS), Map.of("event_log", Quotes.file(COS_LOG)))));
        for (Quotes.Case other : Quotes.cases()) {
            boolean same = other.id().equals(COS);
            assertEquals(same, inTheWay(judge(cos, other, Map.of())).isEmpty(), other.id());
        }
    }

    @Test
    void exampleForAnApplicationNeedsItsEventLog() throws IOException, RefusedEvidenceException {
        AppraisalPolicy dstack = PolicyDocsTest.policy("dstack-app");
        Quotes.Case read = Quotes.named(DSTACK);
        assertEquals(Set.of(), inTheWay(judge(dstack, read, Map.of("event_log", Quotes.file(DSTACK_LOG)))));
        assertEquals(Set.of("application is approved"), inTheWay(judge(dstack, read, Map.of())));
        // Another TD's log proves nothing about this one, and so no claim rests on it.
        AttestationResult foreign = judge(dstack, read, Map.of("event_log", Quotes.file(COS_LOG)));
        assertTrue(inTheWay(foreign).contains("application is approved"));
        assertTrue(ended(foreign, Outcome.Failed.class::isInstance).contains("tdx.event-log"));
        assertEquals(TrustTier.CONTRAINDICATED, foreign.status());
    }
}
