package io.countersign.bench;

import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaServices;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.nvgpu.NvGpuScheme;
import io.countersign.verifier.tee.nvgpu.NvSwitchScheme;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpScheme;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.tee.tdx.SgxScheme;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * A whole machine in one verdict: a CPU, eight GPUs and four switches, warm. {@code oneByOne} authenticates the thirteen devices
 * one after the other; {@code sideBySide} is the same through the verifier, with policy and composite checks, on all cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class MachineBenchmark {
    private static final Instant AT = SoftwareAmds.AS_OF;

    private final Signatures signatures =
            Signatures.by(SignatureProvider.fastest().provider());
    private final SignatureFacts facts = new RememberedFacts(1000);
    private final Binding binding =
            new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.utf8("0123456789abcdef0123456789abcdef"), Bytes.empty());
    private final Verifier verifier = new Verifier();
    private final Map<String, RawEvidence> raw = new LinkedHashMap<>();
    private final Map<String, AttestationScheme<?>> schemes = new LinkedHashMap<>();
    private Endorsements endorsements = Endorsements.none();
    private Optional<AppraisalPolicy> policy = Optional.empty();

    @Setup
    public void prepare() throws RefusedEvidenceException {
        SoftwareNvidia nvidia = SoftwareNvidias.trusted();
        TrustAnchors anchors = SoftwareNvidias.anchors();
        var gpuScheme = new NvGpuScheme(anchors, signatures, facts);
        var switchScheme = new NvSwitchScheme(anchors, signatures, facts);
        var cpuScheme = new SnpScheme(SoftwareAmds.anchors(), signatures, facts);
        var services = new NvidiaServices(nvidia);
        NvidiaMachine machine = NvidiaMachine.protectedPcie(nvidia, "bench-machine");
        Bytes nonce = binding.expectedDeviceNonce().orElseThrow();
        for (SoftwareGpu gpu : machine.gpus()) {
            services.knows(gpu);
            add("gpu" + count("gpu"), gpuScheme, gpu.report(nonce), gpu.chip().chainPem());
        }
        for (SoftwareSwitch each : machine.switches()) {
            services.knows(each);
            add(
                    "nvswitch" + count("nvswitch"),
                    switchScheme,
                    each.report(nonce),
                    each.chip().chainPem());
        }
        CompositeEvidence devices = evidence();
        SoftwareAmd amd = SoftwareAmds.of(Product.MILAN);
        Bytes report = amd.report(draft -> draft.reportData(
                binding.expectedReportData(devices.boundDevices()).orElseThrow()));
        schemes.put("cpu0", cpuScheme);
        raw.put("cpu0", new RawEvidence(Map.of("report", report, "certificates", amd.vcek())));
        endorsements = Endorsements.brought(Map.of("amd.crl", List.of(amd.crl(VekKind.VCEK))))
                .with(NvidiaMaterial.wanted(devices.submodules(), services, AT));
        policy = Optional.of(policy(new Schemes(List.of(
                cpuScheme,
                new TdxScheme(TrustAnchors.none(), signatures, facts),
                new SgxScheme(TrustAnchors.none(), signatures, facts),
                gpuScheme,
                switchScheme))));
        var result = verifier.appraise(evidence(), endorsements, policy.get(), binding, AT);
        if (!result.favourable()) {
            throw new IllegalStateException("the benchmark's machine is not favourable: " + result.status()
                    + result.rules() + result.compositeChecks().checks());
        }
    }

    private long count(String word) {
        return raw.keySet().stream().filter(label -> label.startsWith(word)).count();
    }

    private void add(String label, AttestationScheme<?> scheme, Bytes report, String chainPem) {
        schemes.put(label, scheme);
        raw.put(label, new RawEvidence(Map.of("evidence", report, "certificate", Bytes.utf8(chainPem))));
    }

    private CompositeEvidence evidence() throws RefusedEvidenceException {
        var submodules = new ArrayList<Submodule>();
        for (Map.Entry<String, RawEvidence> each : raw.entrySet()) {
            AttestationScheme<?> scheme =
                    Optional.ofNullable(schemes.get(each.getKey())).orElseThrow();
            submodules.add(Submodule.parse(each.getKey(), scheme, each.getValue()));
        }
        return new CompositeEvidence(submodules);
    }

    /** What ships, with a reason to let tokens be made. */
    private static AppraisalPolicy policy(Schemes all) {
        return BenchPolicies.of(all, """
                policy: bench
                version: "1"
                summary: A benchmark.
                extends: [confidential-gpu]
                any-workload: allow-because "this is a benchmark"
                """);
    }

    /** The thirteen devices, one after the other. */
    @Benchmark
    public Object oneByOne() throws RefusedEvidenceException {
        CompositeEvidence evidence = evidence();
        var authentications = new ArrayList<Authentication>();
        for (Submodule submodule : evidence.submodules()) {
            authentications.add(submodule.authenticate(new AuthenticationContext(
                    AT,
                    endorsements,
                    policy.orElseThrow().tolerances().forType(submodule.scheme().id()),
                    binding.method(),
                    evidence.expectedBytes(submodule, binding))));
        }
        return authentications;
    }

    /** The whole verdict, as the service asks for it. */
    @Benchmark
    public Object sideBySide() throws RefusedEvidenceException {
        return verifier.appraise(evidence(), endorsements, policy.orElseThrow(), binding, AT);
    }
}
