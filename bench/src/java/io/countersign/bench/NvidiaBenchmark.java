package io.countersign.bench;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaServices;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.nvgpu.GpuCheck;
import io.countersign.verifier.tee.nvgpu.NvGpuScheme;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the appraisal of one GPU costs beside the signatures in it. {@code floorWarm} is the one P-384 verification of the
 * report, which no memory can spare. {@code floorCold} is that and ten more: four of the device's chain, two RIMs with their XML
 * signatures, the certificates of their two signers, and the two authorities that both share, as genuine ones do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class NvidiaBenchmark {
    private static final Instant AT = SoftwareAmds.AS_OF;
    private static final int SIGNATURES_WHEN_COLD = 11;
    private static final Bytes NONCE = Bytes.utf8("0123456789abcdef0123456789abcdef");

    private final Signatures signatures =
            Signatures.by(SignatureProvider.fastest().provider());
    private final SoftwareNvidia nvidia = SoftwareNvidias.trusted();
    private final NvGpuScheme warmScheme =
            new NvGpuScheme(SoftwareNvidias.anchors(), signatures, new RememberedFacts(1000));
    private final ShortMemory forgotten = new ShortMemory();
    private final NvGpuScheme coldScheme = new NvGpuScheme(SoftwareNvidias.anchors(), signatures, forgotten);

    private RawEvidence raw = new RawEvidence(Map.of());
    private Endorsements everything = Endorsements.none();
    private Endorsements rimsOnly = Endorsements.none();
    private Optional<PublicKey> leafKey = Optional.empty();
    private Bytes signed = Bytes.empty();
    private Bytes signature = Bytes.empty();

    @Setup
    public void prepare() throws RefusedEvidenceException, MalformedDerException {
        SoftwareGpu gpu = nvidia.h100("bench-gpu");
        Bytes report = gpu.report(NONCE);
        Bytes chain = Bytes.utf8(gpu.chip().chainPem());
        raw = new RawEvidence(Map.of("evidence", report, "certificate", chain));
        var services = new NvidiaServices(nvidia)
                .knows(gpu)
                .gives(SoftwareRim.vbios(nvidia, gpu.board()).reissued(nvidia.rims(NvidiaArchitecture.HOPPER)));
        var wanted = NvidiaMaterial.wanted(List.of(Submodule.parse("gpu0", warmScheme, raw)), services, AT);
        everything = Endorsements.none().with(wanted);
        var rims = new HashMap<>(wanted);
        rims.keySet().removeIf(NvidiaEndorsementRef.OcspAnswer.class::isInstance);
        rimsOnly = Endorsements.none().with(rims);
        Certificate leaf = PemBundle.certificates(chain, 5).getFirst();
        leafKey = signatures.key("EC", leaf.subjectPublicKeyInfo());
        signed = report.slice(0, report.length() - 96);
        signature = report.slice(report.length() - 96, report.length());
        if (appraise(warmScheme, everything).authenticity() != Authenticity.GENUINE
                || !(appraise(coldScheme, rimsOnly).report().outcomeOf(GpuCheck.MEASUREMENTS)
                        instanceof Outcome.Passed)) {
            throw new IllegalStateException("the benchmark's evidence is not genuine");
        }
    }

    private Authentication appraise(NvGpuScheme scheme, Endorsements with) throws RefusedEvidenceException {
        return Submodule.parse("gpu0", scheme, raw)
                .authenticate(new AuthenticationContext(
                        AT, with, Tolerances.strict("bench"), BindingMethod.COUNTERSIGN_V1, Optional.of(NONCE)));
    }

    @Benchmark
    public Object floorWarm() {
        return signatures.ecdsaP384Sha384(leafKey.orElseThrow(), signed, signature);
    }

    @Benchmark
    public Object floorCold() {
        Object last = floorWarm();
        for (int i = 1; i < SIGNATURES_WHEN_COLD; i++) {
            last = floorWarm();
        }
        return last;
    }

    /** From bytes to claims; chain, RIMs and OCSP answers were seen before, every date and register is judged anew. */
    @Benchmark
    public Object warm() throws RefusedEvidenceException {
        return appraise(warmScheme, everything);
    }

    /** From bytes to claims with both RIMs and nothing remembered from before; revocation is left undetermined. */
    @Benchmark
    public Object cold() throws RefusedEvidenceException {
        forgotten.clear();
        return appraise(coldScheme, rimsOnly);
    }

    /** The same with seven OCSP answers, each signed by a responder whose certificate comes along: 25 signatures. */
    @Benchmark
    public Object coldWithRevocation() throws RefusedEvidenceException {
        forgotten.clear();
        return appraise(coldScheme, everything);
    }
}
