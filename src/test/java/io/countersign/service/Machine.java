package io.countersign.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareReport;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A software machine that answers a challenge, and the request it makes of its answer; good unless a method says otherwise. */
final class Machine {
    static final SoftwareAmd AMD = SoftwareAmds.of(Product.MILAN);

    private final String nonce;
    private BindingMethod method = BindingMethod.COUNTERSIGN_V1;
    private Optional<JWK> key = Optional.empty();
    private Optional<JWK> committedKey = Optional.empty();
    private UnaryOperator<SoftwareReport> changes = UnaryOperator.identity();
    private Duration crlLife = Duration.ofDays(7);
    private boolean bringsCrl = true;

    private Machine(String nonce) {
        this.nonce = nonce;
    }

    /** A machine that was given this nonce, in base64url. */
    static Machine challengedWith(String nonce) {
        return new Machine(nonce);
    }

    Machine binding(BindingMethod other) {
        method = other;
        return this;
    }

    /** The key that the request names and the report commits to. */
    Machine key(JWK named) {
        key = Optional.of(named);
        committedKey = key;
        return this;
    }

    /** The key that the report commits to, whatever the request names. */
    Machine committingTo(JWK other) {
        committedKey = Optional.of(other);
        return this;
    }

    Machine report(UnaryOperator<SoftwareReport> how) {
        changes = how;
        return this;
    }

    Machine withoutCrl() {
        bringsCrl = false;
        return this;
    }

    Machine crlGoodFor(Duration life) {
        crlLife = life;
        return this;
    }

    /** The body for an attestation. */
    ObjectNode attestation(String audience, String policy) {
        return appraisal(policy).put("audience", audience);
    }

    /** The body for an appraisal. */
    ObjectNode appraisal(String policy) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("policy", policy)
                .put("nonce", nonce)
                .put("binding", method.word());
        key.ifPresent(named -> named.toJSONObject()
                .forEach((name, value) -> body.withObject("/key").put(name, (String) value)));
        body.putObject("evidence")
                .putObject("cpu0")
                .put("type", "sev-snp")
                .put("report", base64Url(signedReport()))
                .put("certificates", Pem.certificate(AMD.vcek()));
        if (bringsCrl) {
            body.putObject("endorsements").putObject("amd").put("crl", base64(crl()));
        }
        return body;
    }

    private Bytes signedReport() {
        var binding = new Binding(
                method,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                committedKey.map(Machine::thumbprint).orElse(Bytes.empty()));
        Bytes reportData = binding.expectedReportData(List.of()).orElseThrow();
        return AMD.report(draft -> changes.apply(draft.reportData(reportData)));
    }

    private Bytes crl() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return AMD.crlDraft(VekKind.VCEK)
                .thisUpdate(now.minus(Duration.ofHours(1)))
                .nextUpdate(now.plus(crlLife))
                .der();
    }

    private static Bytes thumbprint(JWK key) {
        try {
            return Bytes.copyOf(key.computeThumbprint().decode());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
