package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RawDevice;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.ClaimVocabulary;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.nvgpu.NvGpuScheme;
import io.countersign.verifier.tee.nvgpu.NvSwitchScheme;
import io.countersign.verifier.tee.snp.SnpScheme;
import io.countersign.verifier.tee.tdx.SgxScheme;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** Judges what the demo's machines with GPUs send by the demo's own policies, as the service would, without a service. */
class DemoGpusTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00.123456Z");
    private static final DemoAttester AMD = DemoAttester.start(new SecureRandom(), NOW);
    private static final DemoTd TD = DemoTd.start(new SecureRandom(), NOW);
    private static final DemoGpus GPUS = DemoGpus.start(new SecureRandom(), NOW);
    private static final Bytes NONCE = Bytes.utf8("a challenge").sha256();
    private static final Schemes SCHEMES = schemes();

    private static Schemes schemes() {
        var anchors = TrustAnchors.parse(
                String.join("\n", AMD.anchorsPem(), TD.anchorsPem(), GPUS.anchorsPem()),
                TrustAnchors.Origin.LABORATORY);
        var signatures = Signatures.by(new BouncyCastleProvider());
        var facts = SignatureFacts.forgetful();
        return new Schemes(List.of(
                new SnpScheme(anchors, signatures, facts),
                new TdxScheme(anchors, signatures, facts),
                new SgxScheme(anchors, signatures, facts),
                new NvGpuScheme(anchors, signatures, facts),
                new NvSwitchScheme(anchors, signatures, facts)));
    }

    @Test
    void eightGpusAndTheirCpuAreAffirming() throws Exception {
        AttestationResult result = judged(DemoGpus.Setup.CONFIDENTIAL);
        assertTrue(result.favourable(), () -> standingInTheWay(result).toString());
        assertEquals(9, result.submodules().size());
    }

    @Test
    void soAreEightGpusAndFourSwitchesInProtectedPcieMode() throws Exception {
        AttestationResult result = judged(DemoGpus.Setup.PROTECTED_PCIE);
        assertTrue(result.favourable(), () -> standingInTheWay(result).toString());
        assertEquals(13, result.submodules().size());
    }

    @Test
    void theGpuInDevToolsModeIsRefusedForItsMeasurements() throws Exception {
        AttestationResult result = judged(DemoGpus.Setup.ONE_IN_DEVTOOLS);
        assertFalse(result.favourable());
        assertEquals(List.of("gpu3 gpu.measurements"), standingInTheWay(result));
    }

    @Test
    void theGpuFromElsewhereIsRefusedByTheBindingAlone() throws Exception {
        AttestationResult result = judged(DemoGpus.Setup.ONE_REPLACED);
        assertFalse(result.favourable());
        assertEquals(List.of("composite.binding", "cpu0 snp.binding"), standingInTheWay(result));
    }

    @Test
    void onlyOneAnswerIsReplaced() {
        var members = GPUS.attest(NONCE, DemoGpus.Setup.ONE_REPLACED);
        assertEquals(8, members.devices().size());
        for (int i = 0; i < 8; i++) {
            var seen = members.seenByGuest().get(i);
            var sent = members.devices().get(i);
            assertEquals(seen.label(), sent.label());
            assertEquals(i != 5, seen.evidence().equals(sent.evidence()), sent.label());
        }
    }

    @Test
    void bothPoliciesOfTheDemoLoadWithoutAWarningAndPinTheWorkload() {
        for (String text : DemoPolicy.pinning(AMD, TD).sequencedValues()) {
            var accepted = assertInstanceOf(PolicyReading.Accepted.class, read(text, shipped()));
            assertEquals(List.of(), accepted.warnings());
            assertInstanceOf(
                    AttestationResult.Workload.Pinned.class, accepted.policy().workload(NOW));
        }
    }

    private static PolicyReading read(String text, List<AppraisalPolicy> library) {
        var parser = new PolicyParser(
                ClaimVocabulary.of(SCHEMES),
                SCHEMES.all().stream()
                        .flatMap(scheme -> scheme.checks().stream())
                        .collect(Collectors.toSet()));
        return parser.parse(text, Core.library(library));
    }

    private static List<AppraisalPolicy> shipped() {
        var library = new ArrayList<AppraisalPolicy>();
        for (String id : List.of("baseline", "confidential-gpu")) {
            library.add(assertInstanceOf(PolicyReading.Accepted.class, read(Core.shipped(id), library))
                    .policy());
        }
        return library;
    }

    private static AttestationResult judged(DemoGpus.Setup setup)
            throws JOSEException, RequestInvalidException, RefusedEvidenceException {
        var key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(NONCE.toByteArray());
        DemoMachine machine = DemoMachine.withGpus(AMD, GPUS, setup);
        AppraisalRequest request = new AppraisalRequestReader(new JsonText(32), new EvidenceReader(SCHEMES, 64))
                .appraisal(machine.request(nonce, key).toString().getBytes(StandardCharsets.UTF_8));
        var submodules = new ArrayList<Submodule>();
        for (RawDevice device : request.evidence()) {
            submodules.add(Submodule.parse(device.label(), device.scheme(), device.evidence()));
        }
        String text = DemoPolicy.pinning(AMD, TD).getOrDefault(machine.policy(), "");
        return new Verifier()
                .appraise(
                        new CompositeEvidence(submodules),
                        Endorsements.brought(request.endorsements()),
                        assertInstanceOf(PolicyReading.Accepted.class, read(text, shipped()))
                                .policy(),
                        request.binding(),
                        NOW);
    }

    /** The checks that failed or could not be determined. */
    private static List<String> standingInTheWay(AttestationResult result) {
        return Stream.concat(
                        result.compositeChecks().checks().stream()
                                .filter(DemoGpusTest::isInTheWay)
                                .map(check -> check.id().code()),
                        result.submodules().stream()
                                .flatMap(device -> device.authentication().report().checks().stream()
                                        .filter(DemoGpusTest::isInTheWay)
                                        .map(check -> device.label() + " "
                                                + check.id().code())))
                .toList();
    }

    private static boolean isInTheWay(Check check) {
        return check.outcome() instanceof Outcome.Failed || check.outcome() instanceof Outcome.Undetermined;
    }
}
