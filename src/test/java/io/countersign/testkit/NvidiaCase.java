package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.NvidiaReport;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One case being made: everything is as with one good H100 until a method makes one thing different. */
final class NvidiaCase implements FixtureCase {
    static final List<String> AUTHENTICITY = List.of(
            "gpu.format", "gpu.report-signature", "gpu.certificate-chain", "gpu.fwid", "gpu.revocation", "gpu.binding");
    static final List<String> APPRAISAL = List.of("gpu.driver-rim", "gpu.vbios-rim", "gpu.measurements");
    static final List<String> COMPOSITE =
            List.of("composite.devices-distinct", "composite.nonces-agree", "composite.binding", "composite.topology");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Who hosts the guest. */
    enum Cpu {
        NONE,
        SNP,
        TDX
    }

    private final String name;
    private final String what;
    private final SoftwareNvidia nvidia = SoftwareNvidias.trusted();
    private final List<NvidiaDevice> devices = new ArrayList<>();
    private final Map<String, String> checks = new LinkedHashMap<>();
    private final Map<String, String> rims = new LinkedHashMap<>();
    private Optional<List<Bytes>> ocsp = Optional.empty();
    private UnaryOperator<List<SoftwareOcsp>> answering = UnaryOperator.identity();
    private boolean bringsRims = true;
    private Cpu cpu = Cpu.NONE;
    private Optional<Bytes> reportData = Optional.empty();
    private String device = "gpu0";
    private Instant at = SoftwareAmds.AS_OF;
    private String authenticity = "";
    private String problem = "";

    NvidiaCase(String name, String what) {
        this.name = name;
        this.what = what;
        devices.add(NvidiaDevice.of("gpu0", nvidia.h100("fixture")));
    }

    SoftwareNvidia nvidia() {
        return nvidia;
    }

    NvidiaCase beside(Cpu other) {
        cpu = other;
        return this;
    }

    NvidiaCase gpu(SoftwareGpu gpu) {
        return devices(List.of(NvidiaDevice.of("gpu0", gpu)));
    }

    /** The switch is what the case is about. */
    NvidiaCase nvswitch(SoftwareSwitch other) {
        device = "nvswitch0";
        return devices(List.of(NvidiaDevice.of(device, other)));
    }

    NvidiaCase machine(NvidiaMachine machine) {
        var all = new ArrayList<NvidiaDevice>();
        for (int i = 0; i < machine.gpus().size(); i++) {
            all.add(NvidiaDevice.of("gpu" + i, machine.gpus().get(i)));
        }
        for (int i = 0; i < machine.switches().size(); i++) {
            all.add(NvidiaDevice.of("nvswitch" + i, machine.switches().get(i)));
        }
        return devices(all);
    }

    NvidiaCase devices(List<NvidiaDevice> others) {
        devices.clear();
        devices.addAll(others);
        return this;
    }

    /** Changes the report of the device that the case is about. */
    NvidiaCase report(UnaryOperator<NvidiaReport> how) {
        return with(each -> each.report(how));
    }

    /** Changes the finished bytes of the device that the case is about. */
    NvidiaCase recut(UnaryOperator<Bytes> how) {
        return with(each -> each.recut(how));
    }

    /** The certificates beside the report, leaf first. */
    NvidiaCase chain(List<Bytes> certificates) {
        return with(each -> each.chain(NvidiaChip.pem(certificates)));
    }

    NvidiaCase with(UnaryOperator<NvidiaDevice> change) {
        devices.replaceAll(each -> each.label().equals(device) ? change.apply(each) : each);
        return this;
    }

    /** The device whose checks count here. */
    NvidiaCase about(String label) {
        device = label;
        return this;
    }

    NvidiaCase rim(SoftwareRim rim) {
        return rim(rim.id(), rim.xml());
    }

    /** Another document under this id. */
    NvidiaCase rim(String id, String xml) {
        rims.put(id, xml);
        return this;
    }

    NvidiaCase withoutRims() {
        bringsRims = false;
        return this;
    }

    /** Changes answers; those of the first device's chain stand first, from below. */
    NvidiaCase answering(UnaryOperator<List<SoftwareOcsp>> how) {
        answering = how;
        return this;
    }

    NvidiaCase ocsp(List<Bytes> answers) {
        ocsp = Optional.of(answers);
        return this;
    }

    NvidiaCase reportData(Bytes other) {
        reportData = Optional.of(other);
        return this;
    }

    NvidiaCase at(String instant) {
        at = Instant.parse(instant);
        return this;
    }

    /** Every check of the device passes. */
    NvidiaCase genuine() {
        authenticity = "genuine";
        AUTHENTICITY.forEach(code -> checks.put(code, "passed"));
        APPRAISAL.stream()
                .filter(code -> !device.startsWith("nvswitch") || !code.equals("gpu.driver-rim"))
                .forEach(code -> checks.put(code, "passed"));
        return this;
    }

    /** The evidence is rejected by this check; those that the fault cannot touch pass, the others are open. */
    NvidiaCase fails(String code, String... passing) {
        authenticity = "rejected";
        for (String other : passing) {
            checks.put(other, "passed");
        }
        checks.put(code, "failed");
        return this;
    }

    /** A genuine device that this check of its software fails. */
    NvidiaCase appraisedBadly(String code) {
        genuine();
        checks.put(code, "failed");
        if (!code.equals("gpu.measurements")) {
            checks.remove("gpu.measurements");
        }
        return this;
    }

    NvidiaCase undetermined(String code) {
        authenticity = "undetermined";
        checks.put(code, "undetermined");
        return this;
    }

    NvidiaCase also(String code, String outcome) {
        checks.put(code, outcome);
        return this;
    }

    /** The outcome is open after all. */
    NvidiaCase open(String... codes) {
        checks.keySet().removeAll(Set.of(codes));
        return this;
    }

    /** The request is answered with a problem in place of a result. */
    NvidiaCase problem(String code) {
        problem = code;
        return this;
    }

    @Override
    public String folder() {
        return "nvidia-gpu";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public ObjectNode request() {
        Bytes nonce = Bytes.utf8("countersign fixture nvidia-gpu/" + name).sha256();
        Bytes asked = Bytes.copyOf(BindingArithmetic.hash(
                "SHA-256", BindingArithmetic.deviceNonceInput(nonce.toByteArray(), new byte[0])));
        var request = JSON.objectNode()
                .put("policy", "baseline")
                .put("at", at.toString())
                .put("nonce", base64Url(nonce))
                .put("binding", "countersign-v1");
        var evidence = request.putObject("evidence");
        var bound = new ArrayList<BindingArithmetic.Device>();
        var answered = JSON.objectNode();
        for (NvidiaDevice each : devices) {
            Bytes report = each.answer(asked);
            bound.add(new BindingArithmetic.Device(each.label(), report.toString()));
            answered.putObject(each.label())
                    .put("type", each.type())
                    .put("arch", each.chip().architecture().name())
                    .put("evidence", base64(report))
                    .put("certificate", base64(Bytes.utf8(each.certificates())));
        }
        var endorsements = request.putObject("endorsements");
        cpu(
                evidence,
                endorsements,
                reportData.orElseGet(
                        () -> Bytes.copyOf(BindingArithmetic.reportData(nonce.toByteArray(), new byte[0], bound))));
        answered.properties().forEach(each -> evidence.set(each.getKey(), each.getValue()));
        if (problem.isEmpty()) {
            brought(endorsements.putObject("nvidia"));
        }
        return request;
    }

    private void cpu(ObjectNode evidence, ObjectNode endorsements, Bytes bound) {
        switch (cpu) {
            case NONE -> {}
            case SNP -> {
                var amd = SoftwareAmds.of(Product.MILAN);
                evidence.putObject("cpu0")
                        .put("type", "sev-snp")
                        .put("report", base64Url(amd.report(r -> r.reportData(bound)
                                .signingKey(VekKind.VCEK))))
                        .put("certificates", Pem.certificate(amd.vek(VekKind.VCEK)));
                endorsements.putObject("amd").put("crl", base64(amd.crl(VekKind.VCEK)));
            }
            case TDX -> {
                var intel = SoftwareIntels.trusted();
                evidence.putObject("cpu0")
                        .put("type", "tdx")
                        .put(
                                "quote",
                                base64Url(intel.quote(
                                        QuoteForm.TDX_V4, PckCa.PLATFORM, quote -> quote.reportData(bound))));
                var slots = endorsements.putObject("intel");
                IntelEndorsements.usual(intel, TeeType.TDX, PckCa.PLATFORM).forEach(slots::put);
            }
        }
    }

    private void brought(ObjectNode slot) {
        if (bringsRims) {
            var documents = new LinkedHashMap<String, String>();
            devices.forEach(each -> each.rims(nvidia).forEach(rim -> documents.put(rim.id(), rim.xml())));
            documents.putAll(rims);
            var brought = slot.putObject("rims");
            documents.forEach((id, xml) -> brought.put(id, NvidiaShared.orReference(xml)));
        }
        var answers = slot.putArray("ocsp");
        ocsp.orElseGet(this::usualAnswers).forEach(der -> answers.add(base64(der)));
    }

    private List<Bytes> usualAnswers() {
        var answers = new ArrayList<SoftwareOcsp>();
        var architectures = new LinkedHashSet<NvidiaArchitecture>();
        devices.forEach(each -> {
            answers.addAll(nvidia.answersAbout(each.chip()));
            architectures.add(each.chip().architecture());
        });
        architectures.forEach(each -> answers.addAll(nvidia.answersAbout(nvidia.rims(each))));
        // Chips share the authorities above them.
        return answering.apply(answers).stream()
                .map(SoftwareOcsp::der)
                .distinct()
                .toList();
    }

    @Override
    public ObjectNode expected() {
        var expected = JSON.objectNode().put("what", what);
        if (!problem.isEmpty()) {
            return expected.put("status", 422).put("problem", problem);
        }
        expected.put("status", 200).put("device", device).put("authenticity", authenticity);
        var outcomes = expected.putObject("checks");
        for (List<String> codes : List.of(AUTHENTICITY, APPRAISAL, COMPOSITE)) {
            codes.stream().filter(checks::containsKey).forEach(code -> outcomes.put(code, checks.get(code)));
        }
        return expected;
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
