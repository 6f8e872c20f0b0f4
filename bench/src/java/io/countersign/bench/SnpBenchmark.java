package io.countersign.bench;

import io.countersign.insecure.SoftwareAmd;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.ops.TimedVerbs;
import io.countersign.service.ops.VerdictMetrics;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.Appraiser;
import io.countersign.verifier.result.AttestationResult;
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
import io.countersign.verifier.token.Dialect;
import io.countersign.verifier.token.RelyingParty;
import io.countersign.verifier.token.Token;
import io.countersign.verifier.token.TokenContext;
import io.countersign.verifier.token.TokenIssuer;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
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
 * What an SNP appraisal costs beside the signatures in it. Every figure is read as a multiple of a floor that is measured in
 * the same run: {@code floorWarm} is one P-384 verification, {@code floorCold} that and the three RSA-PSS verifications of
 * a chain and a revocation list nobody has seen yet.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class SnpBenchmark {
    private static final Instant AT = SoftwareAmds.AS_OF;

    private final Signatures signatures =
            Signatures.by(SignatureProvider.fastest().provider());
    private final Binding binding =
            new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.utf8("0123456789abcdef0123456789abcdef"), Bytes.empty());

    private RawEvidence raw = new RawEvidence(Map.of());
    private Endorsements endorsements = Endorsements.none();
    private Optional<SnpScheme> warmScheme = Optional.empty();
    private Optional<SnpScheme> coldScheme = Optional.empty();
    private Optional<PublicKey> vekKey = Optional.empty();
    private Optional<PublicKey> askKey = Optional.empty();
    private Optional<PublicKey> arkKey = Optional.empty();
    private Optional<Certificate> vek = Optional.empty();
    private Optional<Certificate> ask = Optional.empty();
    private Optional<RevocationList> crl = Optional.empty();
    private Bytes signed = Bytes.empty();
    private Bytes r = Bytes.empty();
    private Bytes s = Bytes.empty();
    private Optional<AppraisalPolicy> policy = Optional.empty();
    private Optional<Appraised> appraised = Optional.empty();
    private Optional<TokenIssuer> issuer = Optional.empty();

    /** The registry that Quarkus gives the service, deprecated or not. */
    @SuppressWarnings("deprecation")
    private final MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final Verbs verbs = new TimedVerbs(registry);
    private final VerdictMetrics verdicts = new VerdictMetrics(registry);
    private Optional<Bystander.Judged> judged = Optional.empty();

    /** What the benchmarks of policy and token begin with. */
    private record Appraised(CompositeEvidence evidence, Authentication authentication, AttestationResult result) {}

    @Setup
    public void prepare() throws MalformedDerException, RefusedEvidenceException, IOException, KeyTroubleException {
        SoftwareAmd amd = SoftwareAmds.of(Product.MILAN);
        Bytes report = amd.report(
                draft -> draft.reportData(binding.expectedReportData(List.of()).orElseThrow()));
        raw = new RawEvidence(Map.of("report", report, "certificates", amd.vcek()));
        endorsements = Endorsements.brought(Map.of("amd.crl", List.of(amd.crl(VekKind.VCEK))));
        warmScheme = Optional.of(new SnpScheme(SoftwareAmds.anchors(), signatures, new RememberedFacts(1000)));
        coldScheme = Optional.of(new SnpScheme(SoftwareAmds.anchors(), signatures, SignatureFacts.forgetful()));

        vek = Optional.of(Certificate.parse(amd.vcek()));
        ask = Optional.of(Certificate.parse(amd.ask()));
        crl = Optional.of(RevocationList.parse(amd.crl(VekKind.VCEK)));
        vekKey = signatures.key("EC", vek.get().subjectPublicKeyInfo());
        askKey = signatures.key("RSA", ask.get().subjectPublicKeyInfo());
        arkKey = signatures.key("RSA", Certificate.parse(amd.ark()).subjectPublicKeyInfo());
        signed = report.slice(0, 0x2A0);
        r = report.slice(0x2A0, 0x2D0).reversed();
        s = report.slice(0x2E8, 0x318).reversed();

        policy = Optional.of(policy());
        var evidence = new CompositeEvidence(List.of(Submodule.parse("cpu0", warmScheme.get(), raw)));
        Authentication authentication = authenticate(warmScheme.get());
        if (authentication.authenticity() != Authenticity.GENUINE) {
            throw new IllegalStateException("the benchmark's evidence is not genuine: "
                    + authentication.report().checks());
        }
        AttestationResult result =
                Appraiser.appraise(policy.get(), evidence, Map.of("cpu0", authentication), binding, AT);
        appraised = Optional.of(new Appraised(evidence, authentication, result));
        var request = new AppraisalRequest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                binding,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of());
        judged = Optional.of(new Bystander.Judged(
                Bystander.Occasion.ATTESTATION, request, evidence, endorsements, policy.get(), result));
        issuer = Optional.of(new TokenIssuer(BenchRing.make(), "bench"));
    }

    private AppraisalPolicy policy() {
        // What ships speaks of all evidence there is.
        var schemes = new Schemes(List.of(
                warmScheme.orElseThrow(),
                new TdxScheme(TrustAnchors.none(), signatures, SignatureFacts.forgetful()),
                new SgxScheme(TrustAnchors.none(), signatures, SignatureFacts.forgetful()),
                new NvGpuScheme(TrustAnchors.none(), signatures, SignatureFacts.forgetful()),
                new NvSwitchScheme(TrustAnchors.none(), signatures, SignatureFacts.forgetful())));
        return BenchPolicies.of(schemes, """
                policy: bench
                version: "1"
                summary: A benchmark.
                extends: [baseline]
                any-workload: allow-because "this is a benchmark"
                """);
    }

    private Authentication authenticate(SnpScheme scheme) throws RefusedEvidenceException {
        var submodule = Submodule.parse("cpu0", scheme, raw);
        return submodule.authenticate(new AuthenticationContext(
                AT,
                endorsements,
                Tolerances.strict("bench"),
                BindingMethod.COUNTERSIGN_V1,
                binding.expectedReportData(List.of())));
    }

    @Benchmark
    public Object floorWarm() {
        return signatures.ecdsaP384Sha384(vekKey.orElseThrow(), signed, r, s);
    }

    @Benchmark
    public Object floorCold() {
        var chain = List.of(
                signatures.rsaPssSha384(
                        askKey.orElseThrow(), vek.orElseThrow().tbs(), vek.get().signature()),
                signatures.rsaPssSha384(
                        arkKey.orElseThrow(), ask.orElseThrow().tbs(), ask.get().signature()),
                signatures.rsaPssSha384(
                        arkKey.get(), crl.orElseThrow().tbs(), crl.get().signature()));
        return List.of(chain, signatures.ecdsaP384Sha384(vekKey.orElseThrow(), signed, r, s));
    }

    /** From bytes to claims, the chain's and the list's signatures remembered; every date and serial judged. */
    @Benchmark
    public Object warm() throws RefusedEvidenceException {
        return authenticate(warmScheme.orElseThrow());
    }

    /** From bytes to claims with nothing remembered. */
    @Benchmark
    public Object cold() throws RefusedEvidenceException {
        return authenticate(coldScheme.orElseThrow());
    }

    /** The rules of baseline over claims in hand. */
    @Benchmark
    public Object policyAlone() {
        Appraised with = appraised.orElseThrow();
        return Appraiser.appraise(
                policy.orElseThrow(), with.evidence(), Map.of("cpu0", with.authentication()), binding, AT);
    }

    /** One ES256 token of a result in hand. */
    @Benchmark
    public Token tokenAlone() {
        return issuer.orElseThrow()
                .issue(
                        appraised.orElseThrow().result(),
                        new RelyingParty("https://kms.example", "eat+jwt", Dialect.EAR, RelyingParty.Detail.BRIEF),
                        new TokenContext(
                                "https://countersign.example",
                                "bench",
                                Duration.ofMinutes(5),
                                TokenContext.Freshness.CHALLENGE,
                                Optional.empty(),
                                Bytes.zeros(32),
                                TokenContext.Assurance.PRODUCTION));
    }

    /** What metrics cost one attestation: its six verbs timed, its verdict, checks, rules and token counted. */
    @Benchmark
    public void watching() {
        for (Verb verb : Verb.values()) {
            try (var _ = verbs.begin(verb)) {
                // What it would do is measured above.
            }
        }
        verdicts.judged(judged.orElseThrow());
        verdicts.countersigned("kms", judged.get().policy().identity());
    }
}
