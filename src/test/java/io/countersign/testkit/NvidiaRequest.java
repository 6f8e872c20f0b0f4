package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareReport;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The request of a case with NVIDIA devices, while it is being put together. */
final class NvidiaRequest {
    /** Who hosts the guest. */
    enum Cpu {
        NONE,
        SNP,
        TDX
    }

    private final String name;
    private final NvidiaEndorsements endorsements = new NvidiaEndorsements();
    private final List<NvidiaDevice> devices = new ArrayList<>();
    private Cpu cpu = Cpu.NONE;
    private UnaryOperator<SoftwareReport> snpReport = UnaryOperator.identity();
    private UnaryOperator<List<NvidiaDevice>> committed = UnaryOperator.identity();
    private Optional<Bytes> reportData = Optional.empty();
    private Instant at = SoftwareAmds.AS_OF;
    private String policy = "baseline";
    private Optional<String> draft = Optional.empty();
    private Optional<OctetKeyPair> key = Optional.empty();

    NvidiaRequest(String name) {
        this.name = name;
    }

    NvidiaEndorsements endorsements() {
        return endorsements;
    }

    void beside(Cpu other) {
        cpu = other;
    }

    void snpReport(UnaryOperator<SoftwareReport> how) {
        snpReport = how;
    }

    void devices(List<NvidiaDevice> others) {
        devices.clear();
        devices.addAll(others);
    }

    void with(String label, UnaryOperator<NvidiaDevice> change) {
        devices.replaceAll(each -> each.label().equals(label) ? change.apply(each) : each);
    }

    /** Which devices the CPU's report commits to, when they are not those that are sent. */
    void committed(UnaryOperator<List<NvidiaDevice>> others) {
        committed = others;
    }

    void reportData(Bytes other) {
        reportData = Optional.of(other);
    }

    void at(Instant instant) {
        at = instant;
    }

    void policy(String id) {
        policy = id;
    }

    void draft(String source) {
        draft = Optional.of(source);
    }

    /** Everything commits to a key of which nobody knows the private half: 32 bytes are all that X25519 asks of one. */
    void withKey() {
        key = Optional.of(new OctetKeyPair.Builder(
                        Curve.X25519, Base64URL.encode(nonce(name + "/key").toByteArray()))
                .build());
    }

    /** What devices are asked to answer in the case of that name, when it has no key. */
    static Bytes deviceNonce(String name) {
        return deviceNonce(name, new byte[0]);
    }

    private static Bytes deviceNonce(String name, byte[] thumbprint) {
        return Bytes.copyOf(BindingArithmetic.hash(
                "SHA-256", BindingArithmetic.deviceNonceInput(nonce(name).toByteArray(), thumbprint)));
    }

    private byte[] thumbprint() {
        try {
            return key.isEmpty() ? new byte[0] : key.get().computeThumbprint().decode();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bytes nonce(String name) {
        return Bytes.utf8("countersign fixture nvidia-gpu/" + name).sha256();
    }

    ObjectNode json(boolean withEndorsements) {
        var request = JsonNodeFactory.instance.objectNode();
        draft.ifPresentOrElse(text -> request.put("policy_source", text), () -> request.put("policy", policy));
        request.put("at", at.toString()).put("nonce", base64Url(nonce(name))).put("binding", "countersign-v1");
        key.ifPresent(jwk -> request.putObject("key")
                .put("kty", "OKP")
                .put("crv", "X25519")
                .put("x", jwk.getX().toString()));
        Bytes asked = deviceNonce(name, thumbprint());
        var evidence = request.putObject("evidence");
        var slots = JsonNodeFactory.instance.objectNode();
        putCpu(evidence, slots, reportData.orElseGet(() -> bound(asked)));
        for (NvidiaDevice each : devices) {
            evidence.putObject(each.label())
                    .put("type", each.type())
                    .put("arch", each.arch())
                    .put("evidence", NvidiaEndorsements.base64(each.answer(asked)))
                    .put("certificate", certificate(each.certificates()));
        }
        if (withEndorsements) {
            endorsements.putInto(slots.putObject("nvidia"), devices);
        }
        request.set("endorsements", slots);
        return request;
    }

    /** In base64, as NVIDIA's tools write it, where it is not shared. */
    private static String certificate(String pem) {
        String shared = NvidiaShared.orReference(pem);
        return shared.equals(pem) ? NvidiaEndorsements.base64(Bytes.utf8(pem)) : shared;
    }

    private Bytes bound(Bytes asked) {
        var answers = committed.apply(List.copyOf(devices)).stream()
                .map(each -> new BindingArithmetic.Device(
                        each.label(), each.answer(asked).toString()))
                .toList();
        return Bytes.copyOf(BindingArithmetic.reportData(nonce(name).toByteArray(), thumbprint(), answers));
    }

    private void putCpu(ObjectNode evidence, ObjectNode slots, Bytes bound) {
        switch (cpu) {
            case NONE -> {}
            case SNP -> {
                var amd = SoftwareAmds.of(Product.MILAN);
                evidence.putObject("cpu0")
                        .put("type", "sev-snp")
                        .put(
                                "report",
                                base64Url(amd.report(
                                        r -> snpReport.apply(r.reportData(bound).signingKey(VekKind.VCEK)))))
                        .put("certificates", Pem.certificate(amd.vek(VekKind.VCEK)));
                slots.putObject("amd").put("crl", NvidiaEndorsements.base64(amd.crl(VekKind.VCEK)));
            }
            case TDX -> {
                var intel = SoftwareIntels.trusted();
                evidence.putObject("cpu0")
                        .put("type", "tdx")
                        .put(
                                "quote",
                                base64Url(intel.quote(
                                        QuoteForm.TDX_V4, PckCa.PLATFORM, quote -> quote.reportData(bound))));
                var brought = slots.putObject("intel");
                IntelEndorsements.usual(intel, TeeType.TDX, PckCa.PLATFORM).forEach(brought::put);
            }
        }
    }

    private static String base64Url(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
