package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

class BroughtInBulkTest {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final SoftwareGpu GPU = NVIDIA.h100("bulk");

    /** About the boot ROM, with five certificates that say to be the responder's, each under a name of its own. */
    private static Bytes bad(int number) {
        SoftwareOcsp answer = NVIDIA.answersAbout(GPU.chip()).getFirst();
        List<Bytes> carried = IntStream.range(0, 5)
                .mapToObj(i -> answer.responder()
                        .draft()
                        .subject("Responder %d of answer %d".formatted(i, number))
                        .signedBy(SoftwareNvidias.key("stranger"))
                        .der())
                .toList();
        return answer.certificates(carried).der();
    }

    @Test
    void badAnswersByTheDozenAreNotAllTold() throws EvidenceException {
        var scheme = new NvGpuScheme(
                SoftwareNvidias.anchors(), Signatures.by(new BouncyCastleProvider()), SignatureFacts.forgetful());
        var evidence = scheme.parse(new RawEvidence(Map.of(
                "evidence",
                GPU.report(Bytes.zeros(32)),
                "certificate",
                Bytes.utf8(GPU.chip().chainPem()))));
        var brought = Endorsements.brought(Map.of(
                "nvidia.ocsp",
                IntStream.range(0, 60).mapToObj(BroughtInBulkTest::bad).toList()));
        var context = new AuthenticationContext(
                NVIDIA.asOf(), brought, Tolerances.strict("p"), BindingMethod.NONE, Optional.empty());
        Outcome outcome = scheme.authenticate(evidence, context).report().checks().stream()
                .filter(check -> check.id() == GpuCheck.REVOCATION)
                .findFirst()
                .orElseThrow()
                .outcome();
        var failed = assertInstanceOf(Outcome.Failed.class, outcome);
        assertTrue(failed.actual().contains("Responder 0 of answer 0"), failed.actual());
        assertTrue(
                failed.actual().length() < 16 * 1024,
                "it has " + failed.actual().length() + " characters");
    }
}
