package io.countersign.service.earlywarning;

import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.insecure.TdField;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.collateral.CollateralConfig;
import io.countersign.service.collateral.EarlyChannel;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.service.collateral.IntelPcsConfig;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.trial.Forecast.Standing;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.tdx.IntelSigned;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** TDs, the early channel of their Intel, and a service's early warning, with a clock that stands still until it is moved. */
final class Fleet implements AutoCloseable {
    static final Duration FORGET_AFTER = Duration.ofDays(14);
    static final AppraisalPolicy POLICY = policy("td", "");
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();
    private static final String FMSPC = IntelMachine.FMSPC.toString();

    final FakeVendor channel = new FakeVendor();
    final Map<String, AppraisalPolicy> policies = new HashMap<>(Map.of("td", POLICY));
    final AtomicReference<RoundSummary> last = new AtomicReference<>();
    final AtomicReference<Instant> complete = new AtomicReference<>(Instant.EPOCH);
    private final AtomicReference<Instant> now = new AtomicReference<>(SoftwareAmds.AS_OF);
    final EarlyWarnings warnings;
    int remembered;

    Fleet() {
        this(Optional.empty(), Map.of());
    }

    Fleet(Optional<Path> offlineIn, Map<String, String> followers) {
        var settings = CollateralConfig.defaults(offlineIn)
                .with(new IntelPcsConfig(
                        List.of(channel.url()),
                        Optional.empty(),
                        IntelPcsConfig.Update.STANDARD,
                        Optional.empty(),
                        Duration.ofHours(1)));
        var signed = new IntelSigned(
                SoftwareAmds.anchors(), Signatures.by(new BouncyCastleProvider()), SignatureFacts.forgetful());
        warnings = new EarlyWarnings(
                new EarlyWarnings.Means(
                        id -> Optional.ofNullable(policies.get(id)),
                        followers,
                        new EarlyChannel(offlineIn.isPresent() ? offline(settings) : settings, now::get),
                        signed::publication,
                        now::get),
                new EarlyWarningBounds(1_000, 64 * 1024 * 1024, FORGET_AFTER),
                new EarlyWarningObserver() {
                    @Override
                    public void remembered(int entries, long drivenOut) {
                        remembered = entries;
                    }

                    @Override
                    public void looked(RoundSummary summary) {
                        last.set(summary);
                        if (summary.troubles().isEmpty()) {
                            complete.set(summary.at());
                        }
                    }
                });
        identity(INTEL.qeIdentity(TeeType.TDX));
        tcbInfo(INTEL.tcbInfo(TeeType.TDX));
    }

    private static CollateralConfig offline(CollateralConfig from) {
        return new CollateralConfig(
                true,
                from.amdKdsUrl(),
                from.dataDir(),
                from.connectTimeout(),
                from.requestTimeout(),
                from.waitAtMost(),
                from.maxConcurrent(),
                from.queue(),
                from.budget(),
                from.trackedClients(),
                from.crlMaxAge(),
                from.notFoundFor(),
                from.throttled(),
                from.failing(),
                from.rememberedChips(),
                from.storedChips(),
                from.reissueBefore(),
                from.intel(),
                from.nvidia());
    }

    static AppraisalPolicy policy(String id, String more) {
        return Core.policy("""
                policy: %s
                version: "1"
                summary: Any workload of the laboratory.
                extends: [baseline]
                any-workload: allow-because "the laboratory runs whatever it likes"
                %s""".formatted(id, more), Core.baseline());
    }

    static SoftwareStatement tcbInfo() {
        return INTEL.tcbInfo(TeeType.TDX);
    }

    /** Gives out this TCB info from now on. */
    void tcbInfo(SoftwareStatement statement) {
        channel.replies(
                "/tdx/certification/v4/tcb?fmspc=%s&update=early".formatted(FMSPC),
                reply("TCB-Info-Issuer-Chain", statement));
    }

    void identity(SoftwareStatement statement) {
        channel.replies(
                "/tdx/certification/v4/qe/identity?update=early",
                reply("SGX-Enclave-Identity-Issuer-Chain", statement));
    }

    private static FakeVendor.Reply reply(String header, SoftwareStatement statement) {
        String chain =
                URLEncoder.encode(INTEL.signerChain(), StandardCharsets.UTF_8).replace("+", "%20");
        return new FakeVendor.Reply.Plain(200, Map.of(header, chain), Bytes.utf8(statement.json()));
    }

    /** One look, and what it brought. */
    RoundSummary look() {
        warnings.look();
        return last.get();
    }

    long count(Standing standing) {
        return last.get().count("tdx", standing);
    }

    void move(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    /** A TD on the machine of that number asks for a token, and perhaps gets one. */
    Bystander.Judged attests(int machine, int microcode, AppraisalPolicy policy) {
        Bystander.Judged judged = judged(machine, microcode, policy, Duration.ofDays(30));
        warnings.judged(judged);
        return judged;
    }

    Bystander.Judged judged(int machine, int microcode, AppraisalPolicy policy, Duration listsLast) {
        var binding = new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.copyOf(new byte[32]), Bytes.empty());
        Instant at = now.get();
        Bytes quote = INTEL.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, draft -> draft.reportData(
                        binding.expectedReportData(List.of()).orElseThrow())
                .td(TdField.MRTD, Bytes.utf8("firmware").sha384())
                .chain(Pem.certificate(INTEL.pckDraft(PckCa.PLATFORM, extension -> extension
                                        .octetsInPlaceOf("1", ppid(machine))
                                        .component(1, microcode))
                                .der())
                        + INTEL.pckCrlChain(PckCa.PLATFORM)));
        Map<String, List<Bytes>> brought = Map.of(
                "intel.tcb_info", List.of(Bytes.utf8(INTEL.tcbInfo(TeeType.TDX).json())),
                "intel.tcb_info_issuer_chain", List.of(Bytes.utf8(INTEL.signerChain())),
                "intel.qe_identity",
                        List.of(Bytes.utf8(INTEL.qeIdentity(TeeType.TDX).json())),
                "intel.qe_identity_issuer_chain", List.of(Bytes.utf8(INTEL.signerChain())),
                "intel.pck_crl",
                        List.of(INTEL.pckCrlDraft(PckCa.PLATFORM)
                                .nextUpdate(at.plus(listsLast))
                                .der()),
                "intel.root_ca_crl", List.of(INTEL.rootCrlDraft().der()));
        try {
            var evidence = new CompositeEvidence(
                    List.of(Submodule.parse("cpu0", Core.TDX, new RawEvidence(Map.of("quote", quote)))));
            var inHand = Endorsements.brought(brought);
            return new Bystander.Judged(
                    Bystander.Occasion.ATTESTATION,
                    new AppraisalRequest(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            binding,
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            brought),
                    evidence,
                    inHand,
                    policy,
                    new Verifier().appraise(evidence, inHand, policy, binding, at));
        } catch (RefusedEvidenceException e) {
            throw new AssertionError(e);
        }
    }

    static Bytes ppid(int machine) {
        return Bytes.utf8("machine %d".formatted(machine)).sha256().slice(0, 16);
    }

    @Override
    public void close() {
        warnings.close();
        channel.close();
    }
}
