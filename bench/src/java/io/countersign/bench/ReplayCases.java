package io.countersign.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.cases.CaseWriter;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaServices;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.appraisal.Parsing;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes recorded cases as the service would: one guest in ten has an image of SVN 0, which the draft refuses. */
final class ReplayCases {
    static final int SNP = 7_000;
    static final int TDX = 2_500;
    static final int GPUS = 500;
    private static final int GPUS_EACH = 8;
    private static final Instant AT = SoftwareAmds.AS_OF;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Path folder;
    private final SoftwareAmd amd = SoftwareAmds.of(Product.MILAN);
    private final Bytes crl = amd.crl(VekKind.VCEK);
    private final SoftwareIntel intel = SoftwareIntels.trusted();
    private final SoftwareNvidia nvidia = SoftwareNvidias.trusted();
    private final NvidiaMachine machine = NvidiaMachine.protectedPcie(nvidia, "bench-machine");
    private final Map<EndorsementRef, Availability> fetched = new HashMap<>();
    private final Schemes schemes = ReplayRun.schemes();
    private final AppraisalPolicy policy = ReplayRun.policy(schemes, "");
    private final AppraisalRequestReader reader =
            new AppraisalRequestReader(new JsonText(32), new EvidenceReader(schemes, 64));
    private int written;

    ReplayCases(Path folder) {
        this.folder = folder;
    }

    void write(boolean mixed) throws Exception {
        if (mixed) {
            prepare();
        }
        for (int i = 0; i < (mixed ? SNP : ReplayRun.CASES); i++) {
            snp(List.of());
        }
        for (int i = 0; mixed && i < TDX; i++) {
            tdx();
        }
        for (int i = 0; mixed && i < GPUS; i++) {
            snp(machine.gpus());
        }
    }

    /** What the service would have fetched. */
    private void prepare() throws Exception {
        Bytes chain = Bytes.utf8(intel.signerChain());
        var info = intel.tcbInfo(TeeType.TDX);
        String json = info.json();
        int at = json.indexOf("\"fmspc\":\"") + "\"fmspc\":\"".length();
        Bytes fmspc = Bytes.fromHex(json.substring(at, at + 12).toLowerCase(java.util.Locale.ROOT));
        fetched.put(new IntelEndorsementRef.TcbInfo(TeeType.TDX, fmspc), inHand(Bytes.concat(chain, Bytes.utf8(json))));
        fetched.put(
                new IntelEndorsementRef.QeIdentity(TeeType.TDX),
                inHand(Bytes.concat(
                        chain, Bytes.utf8(intel.qeIdentity(TeeType.TDX).json()))));
        fetched.put(
                new IntelEndorsementRef.PckCrl(PckCa.PLATFORM),
                inHand(intel.pckCrlDraft(PckCa.PLATFORM).der()));
        fetched.put(
                new IntelEndorsementRef.RootCaCrl(), inHand(intel.rootCrlDraft().der()));
    }

    private static Availability inHand(Bytes content) {
        return new Availability.InHand(content);
    }

    private ObjectNode body(Binding binding) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("policy", "bench")
                .put("at", AT.toString())
                .put("binding", binding.method().word())
                .put("nonce", base64(binding.nonce()));
    }

    private Binding nextBinding() {
        written++;
        return new Binding(
                BindingMethod.COUNTERSIGN_V1, Bytes.utf8("case " + written).sha256(), Bytes.empty());
    }

    private void snp(List<SoftwareGpu> gpus) throws Exception {
        Binding binding = nextBinding();
        ObjectNode body = body(binding);
        var devices = new ArrayList<Binding.Device>();
        for (SoftwareGpu gpu : gpus.stream().limit(GPUS_EACH).toList()) {
            String label = "gpu" + devices.size();
            Bytes report = gpu.report(binding.expectedDeviceNonce().orElseThrow());
            devices.add(new Binding.Device(label, report));
            body.withObject("/evidence/" + label)
                    .put("type", "nvidia-gpu")
                    .put("evidence", base64(report))
                    .put("certificate", base64(Bytes.utf8(gpu.chip().chainPem())));
        }
        Bytes reportData = binding.expectedReportData(devices).orElseThrow();
        int svn = written % 10 == 0 ? 0 : 1;
        body.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", base64(amd.report(draft -> draft.reportData(reportData)
                        .guestSvn(svn))))
                .put("certificates", Pem.certificate(amd.vcek()));
        body.withObject("/endorsements/amd").put("crl", base64(crl));
        record(body, binding, gpus.isEmpty() ? Endorsements.none() : wantedBy(gpus, body));
    }

    private Endorsements wantedBy(List<SoftwareGpu> gpus, ObjectNode body) throws Exception {
        if (nvidiaFetched.isEmpty()) {
            var services = new NvidiaServices(nvidia);
            gpus.forEach(services::knows);
            CompositeEvidence evidence = Parsing.parse(read(body).evidence());
            nvidiaFetched.putAll(NvidiaMaterial.wanted(
                    evidence.submodules().stream()
                            .filter(each -> each.label().startsWith("gpu"))
                            .toList(),
                    services,
                    AT));
        }
        return Endorsements.none().with(nvidiaFetched);
    }

    private final Map<EndorsementRef, Availability> nvidiaFetched = new HashMap<>();

    private void tdx() throws Exception {
        Binding binding = nextBinding();
        ObjectNode body = body(binding);
        body.withObject("/evidence/cpu0")
                .put("type", "tdx")
                .put(
                        "quote",
                        base64(intel.quote(
                                QuoteForm.TDX_V4,
                                PckCa.PLATFORM,
                                draft -> draft.reportData(
                                        binding.expectedReportData(List.of()).orElseThrow()))));
        record(body, binding, Endorsements.none().with(fetched));
    }

    private AppraisalRequest read(ObjectNode body) throws Exception {
        return reader.appraisal(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void record(ObjectNode body, Binding binding, Endorsements gathered) throws Exception {
        AppraisalRequest request = read(body);
        var inHand = Endorsements.brought(request.endorsements()).with(gathered.gathered());
        var result = new Verifier().appraise(Parsing.parse(request.evidence()), inHand, policy, binding, AT);
        Files.write(folder.resolve("%06d.json".formatted(written)), CaseWriter.write(request, inHand, result));
    }

    private static String base64(Bytes bytes) {
        return BASE64.encodeToString(bytes.toByteArray());
    }
}
