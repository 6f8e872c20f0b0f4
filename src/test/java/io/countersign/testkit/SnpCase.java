package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareCrl;
import io.countersign.insecure.SoftwareReport;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One case being made: everything is as on a good Milan machine until a method makes one thing different. */
final class SnpCase implements FixtureCase {
    static final List<String> CHECKS = List.of(
            "snp.format",
            "snp.report-signature",
            "snp.vek-chain",
            "snp.vek-matches-report",
            "snp.revocation",
            "snp.binding");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final String what;
    private final Map<String, String> checks = new LinkedHashMap<>();
    private SoftwareAmd amd = SoftwareAmds.of(Product.MILAN);
    private VekKind kind = VekKind.VCEK;
    private UnaryOperator<SoftwareReport> changes = UnaryOperator.identity();
    private UnaryOperator<Bytes> recut = UnaryOperator.identity();
    private Optional<Bytes> reportData = Optional.empty();
    private Optional<String> certificates = Optional.empty();
    private Optional<String> certificatesBeside = Optional.empty();
    private boolean bringsCertificates = true;
    private Optional<String> crl = Optional.empty();
    private boolean bringsCrl = true;
    private Instant at = SoftwareAmds.AS_OF;
    private String authenticity = "";
    private Optional<Boolean> affirming = Optional.empty();
    private String problem = "";

    SnpCase(String name, String what) {
        this.name = name;
        this.what = what;
    }

    SnpCase by(SoftwareAmd other) {
        amd = other;
        return this;
    }

    SnpCase by(Product product) {
        return by(SoftwareAmds.of(product));
    }

    /** Report, leaf and list of the VLEK chain. */
    SnpCase vlek() {
        kind = VekKind.VLEK;
        return this;
    }

    SnpCase report(UnaryOperator<SoftwareReport> how) {
        changes = how;
        return this;
    }

    /** Changes the finished bytes, their number included. */
    SnpCase recut(UnaryOperator<Bytes> how) {
        recut = how;
        return this;
    }

    SnpCase reportData(Bytes other) {
        reportData = Optional.of(other);
        return this;
    }

    SnpCase leaf(SoftwareCertificate draft) {
        return certificates(Pem.certificate(draft.der()));
    }

    SnpCase leaf(Bytes der) {
        return certificates(Pem.certificate(der));
    }

    /** The text of the member {@code certificates} of cpu0. */
    SnpCase certificates(String text) {
        certificates = Optional.of(text);
        return this;
    }

    /** No certificates in the evidence but these in {@code endorsements.amd}. */
    SnpCase leafBeside(Bytes der) {
        certificatesBeside = Optional.of(Pem.certificate(der));
        bringsCertificates = false;
        return this;
    }

    SnpCase withoutCertificates() {
        bringsCertificates = false;
        return this;
    }

    SnpCase crl(SoftwareCrl draft) {
        return crl(base64(draft.der()));
    }

    SnpCase crl(String text) {
        crl = Optional.of(text);
        return this;
    }

    SnpCase withoutCrl() {
        bringsCrl = false;
        return this;
    }

    SnpCase at(String instant) {
        at = Instant.parse(instant);
        return this;
    }

    /** Every check passes and the shipped policy affirms. */
    SnpCase good() {
        affirming = Optional.of(true);
        return genuine();
    }

    /** Every check passes, and the shipped policy refuses all the same. */
    SnpCase refusedByPolicy() {
        affirming = Optional.of(false);
        return genuine();
    }

    /** Every check passes; what a policy says is open. */
    SnpCase genuine() {
        authenticity = "genuine";
        CHECKS.forEach(code -> checks.put(code, "passed"));
        return this;
    }

    /** The evidence is rejected by this check; those that the fault cannot touch pass, the others are open. */
    SnpCase fails(String code, String... passing) {
        authenticity = "rejected";
        affirming = Optional.of(false);
        checks.put(code, "failed");
        for (String other : passing) {
            checks.put(other, "passed");
        }
        return this;
    }

    SnpCase also(String code, String outcome) {
        checks.put(code, outcome);
        return this;
    }

    /** Only the revocation check fails. */
    SnpCase failsRevocation() {
        genuine();
        return fails("snp.revocation");
    }

    SnpCase undetermined(String code) {
        authenticity = "undetermined";
        affirming = Optional.of(false);
        checks.put(code, "undetermined");
        return this;
    }

    /** The request is answered with a problem in place of a result. */
    SnpCase problem(String code) {
        problem = code;
        return this;
    }

    @Override
    public String folder() {
        return "sev-snp";
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
        Bytes nonce = Bytes.utf8("countersign fixture " + name).sha256();
        Bytes bound = reportData.orElseGet(
                () -> Bytes.copyOf(BindingArithmetic.reportData(nonce.toByteArray(), new byte[0], List.of())));
        Bytes report =
                recut.apply(amd.report(r -> changes.apply(r.reportData(bound).signingKey(kind))));
        var request = JSON.objectNode()
                .put("policy", "baseline")
                .put("at", at.toString())
                .put("nonce", base64Url(nonce))
                .put("binding", "countersign-v1");
        var cpu = request.putObject("evidence").putObject("cpu0");
        cpu.put("type", "sev-snp").put("report", base64Url(report));
        if (bringsCertificates) {
            cpu.put("certificates", certificates.orElseGet(() -> Pem.certificate(amd.vek(kind))));
        }
        if (bringsCrl || certificatesBeside.isPresent()) {
            var amdSlot = request.putObject("endorsements").putObject("amd");
            certificatesBeside.ifPresent(text -> amdSlot.put("certificates", text));
            if (bringsCrl) {
                amdSlot.put("crl", crl.orElseGet(() -> base64(amd.crl(kind))));
            }
        }
        return request;
    }

    @Override
    public ObjectNode expected() {
        var expected = JSON.objectNode().put("what", what);
        if (!problem.isEmpty()) {
            return expected.put("status", 422).put("problem", problem);
        }
        expected.put("status", 200).put("authenticity", authenticity);
        affirming.ifPresent(value -> expected.put("affirming", value));
        var outcomes = expected.putObject("checks");
        CHECKS.stream().filter(checks::containsKey).forEach(code -> outcomes.put(code, checks.get(code)));
        return expected;
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
