package io.countersign.bench;

import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
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
 * What a TDX appraisal costs beside the signatures in it. {@code floorWarm} is the two P-256 verifications of a quote, which
 * no memory can spare: the quote's own and its QE report's. {@code floorCold} is those and the five of chain and collateral
 * that nobody has seen yet: PCK certificate, TCB info, QE identity and two revocation lists. The PCK authority and the signer
 * of collateral are built in.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class TdxBenchmark {
    private static final Instant AT = SoftwareAmds.AS_OF;
    private static final int MORE_WHEN_COLD = 5;

    private final Signatures signatures =
            Signatures.by(SignatureProvider.fastest().provider());
    private final Binding binding =
            new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.utf8("0123456789abcdef0123456789abcdef"), Bytes.empty());

    private RawEvidence raw = new RawEvidence(Map.of());
    private Map<String, List<Bytes>> slots = Map.of();
    private Endorsements endorsements = Endorsements.none();
    private Optional<TdxScheme> warmScheme = Optional.empty();
    private final ShortMemory forgotten = new ShortMemory();
    private Optional<TdxScheme> coldScheme = Optional.empty();
    private Optional<Quote> quote = Optional.empty();
    private Optional<PublicKey> attestationKey = Optional.empty();
    private Optional<PublicKey> pck = Optional.empty();

    @Setup
    public void prepare() throws RefusedEvidenceException, EvidenceException, MalformedDerException {
        SoftwareIntel intel = SoftwareIntels.trusted();
        Bytes made = intel.quote(
                QuoteForm.TDX_V4,
                PckCa.PLATFORM,
                draft -> draft.reportData(binding.expectedReportData(List.of()).orElseThrow()));
        raw = new RawEvidence(Map.of("quote", made));
        slots = Map.of(
                "intel.tcb_info", List.of(Bytes.utf8(intel.tcbInfo(TeeType.TDX).json())),
                "intel.tcb_info_issuer_chain", List.of(Bytes.utf8(intel.signerChain())),
                "intel.qe_identity",
                        List.of(Bytes.utf8(intel.qeIdentity(TeeType.TDX).json())),
                "intel.qe_identity_issuer_chain", List.of(Bytes.utf8(intel.signerChain())),
                "intel.pck_crl", List.of(intel.pckCrlDraft(PckCa.PLATFORM).der()),
                "intel.root_ca_crl", List.of(intel.rootCrlDraft().der()));
        Bytes fmspc = Bytes.fromHex(tcbInfoFmspc(intel));
        Bytes chain = Bytes.utf8(intel.signerChain());
        endorsements = Endorsements.none()
                .with(Map.of(
                        new IntelEndorsementRef.TcbInfo(TeeType.TDX, fmspc),
                        inHand(Bytes.concat(
                                chain, Bytes.utf8(intel.tcbInfo(TeeType.TDX).json()))),
                        new IntelEndorsementRef.QeIdentity(TeeType.TDX),
                        inHand(Bytes.concat(
                                chain, Bytes.utf8(intel.qeIdentity(TeeType.TDX).json()))),
                        new IntelEndorsementRef.PckCrl(PckCa.PLATFORM),
                        inHand(intel.pckCrlDraft(PckCa.PLATFORM).der()),
                        new IntelEndorsementRef.RootCaCrl(),
                        inHand(intel.rootCrlDraft().der())));
        TrustAnchors anchors = builtIn(intel);
        coldScheme = Optional.of(new TdxScheme(anchors, signatures, forgotten));
        warmScheme = Optional.of(new TdxScheme(anchors, signatures, new RememberedFacts(1000)));
        quote = Optional.of(Quote.parse(made));
        attestationKey = signatures.key("EC", spki(quote.get().signature().attestationKey()));
        Bytes pem = quote.get().signature().pckChain();
        int end = pem.length();
        while (pem.u8(end - 1) == 0) {
            end--;
        }
        Certificate leaf = PemBundle.certificates(pem.slice(0, end), 3).getFirst();
        pck = signatures.key("EC", leaf.subjectPublicKeyInfo());
        if (appraise(warmScheme.get(), endorsements) != Authenticity.GENUINE) {
            throw new IllegalStateException("the benchmark's evidence is not genuine");
        }
    }

    /** As the service comes for Intel's: the root, and the authority and the signer that are built in. */
    private static TrustAnchors builtIn(SoftwareIntel intel) {
        return TrustAnchors.parse(
                intel.anchorsPem()
                        + "\n# anchor: intel-pck-ca platform\n"
                        + Pem.certificate(intel.pckCaDraft(PckCa.PLATFORM).der())
                        + "\n# anchor: intel-tcb-signing laboratory\n"
                        + Pem.certificate(intel.tcbSignerDraft().der()),
                TrustAnchors.Origin.LABORATORY);
    }

    private static Availability inHand(Bytes content) {
        return new Availability.InHand(content);
    }

    private static String tcbInfoFmspc(SoftwareIntel intel) {
        String json = intel.tcbInfo(TeeType.TDX).json();
        int at = json.indexOf("\"fmspc\":\"") + "\"fmspc\":\"".length();
        return json.substring(at, at + 12);
    }

    private static Bytes spki(Bytes point) {
        return Bytes.concat(Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), point);
    }

    private Authenticity appraise(TdxScheme scheme, Endorsements with) throws RefusedEvidenceException {
        var submodule = Submodule.parse("cpu0", scheme, raw);
        return submodule
                .authenticate(new AuthenticationContext(
                        AT,
                        with,
                        Tolerances.strict("bench"),
                        BindingMethod.COUNTERSIGN_V1,
                        binding.expectedReportData(List.of())))
                .authenticity();
    }

    @Benchmark
    public Object floorWarm() {
        var signature = quote.orElseThrow().signature();
        return List.of(
                signatures.ecdsaP256Sha256(
                        attestationKey.orElseThrow(), quote.get().signedBytes(), signature.quoteSignature()),
                signatures.ecdsaP256Sha256(
                        pck.orElseThrow(), signature.qeReportBytes(), signature.qeReportSignature()));
    }

    @Benchmark
    public Object floorCold() {
        Object last = floorWarm();
        var signature = quote.orElseThrow().signature();
        for (int i = 0; i < MORE_WHEN_COLD; i++) {
            last = signatures.ecdsaP256Sha256(
                    attestationKey.orElseThrow(), quote.get().signedBytes(), signature.quoteSignature());
        }
        return last;
    }

    /** From bytes to claims, chain and collateral remembered; every date and serial judged. */
    @Benchmark
    public Object warm() throws RefusedEvidenceException {
        return appraise(warmScheme.orElseThrow(), endorsements);
    }

    /** The same with collateral that came with this very request, so that its bytes must be hashed to be recognised. */
    @Benchmark
    public Object warmBrought() throws RefusedEvidenceException {
        var copies = new java.util.HashMap<String, List<Bytes>>();
        slots.forEach((slot, all) -> copies.put(
                slot, all.stream().map(each -> Bytes.copyOf(each.toByteArray())).toList()));
        return appraise(warmScheme.orElseThrow(), Endorsements.brought(copies));
    }

    /** From bytes to claims with nothing remembered from before. */
    @Benchmark
    public Object cold() throws RefusedEvidenceException {
        forgotten.clear();
        return appraise(coldScheme.orElseThrow(), endorsements);
    }
}
