package io.countersign.proof;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.AmdNames;
import io.countersign.insecure.Pem;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.service.collateral.FakeVendor.Reply;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Machines of a software AMD, any number of them, and that AMD's Key Distribution Service, which can be in trouble. */
final class OnlineMachine implements AutoCloseable {
    private static final Pattern VCEK = Pattern.compile("/vcek/v1/Milan/([0-9a-f]{128})\\?.*");
    private static final String CRL = "/vcek/v1/Milan/crl";

    private final SoftwareAmd amd =
            SoftwareAmd.fresh(Product.MILAN, new SecureRandom(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final FakeVendor kds = new FakeVendor();
    private final AtomicInteger chips = new AtomicInteger();

    OnlineMachine() {
        heal();
    }

    SoftwareAmd amd() {
        return amd;
    }

    FakeVendor kds() {
        return kds;
    }

    /** From now on the vendor answers as it should. */
    void heal() {
        kds.repliesOtherwise(new Reply.Made(asked -> reply(asked.path())));
        kds.openGate();
    }

    private Reply reply(String path) {
        if (path.equals(CRL)) {
            return found(amd.crl(VekKind.VCEK));
        }
        Matcher vcek = VCEK.matcher(path);
        return vcek.matches()
                ? found(amd.vekDraft(VekKind.VCEK)
                        .replacing(AmdNames.HARDWARE_ID, Bytes.fromHex(vcek.group(1)))
                        .der())
                : FakeVendor.status(404);
    }

    private static Reply found(Bytes body) {
        return new Reply.Plain(200, Map.of(), body);
    }

    /** A chip that nobody has seen before. */
    Bytes newChip() {
        byte[] number = ByteBuffer.allocate(4).putInt(chips.incrementAndGet()).array();
        return Bytes.concat(Bytes.fromHex("c41b"), Bytes.zeros(58), Bytes.copyOf(number));
    }

    /** An attestation of that chip that brings nothing: certificate and revocation list have to be fetched. */
    String bringingNothing(Bytes chip, String nonce) {
        return body(chip, nonce).toString();
    }

    /** An attestation for which nothing has to be fetched. */
    String bringingAll(String nonce) {
        ObjectNode body = body(amd.chipId(), nonce);
        body.withObject("/evidence/cpu0").put("certificates", Pem.certificate(amd.vcek()));
        body.withObject("/endorsements/amd")
                .put(
                        "crl",
                        Base64.getEncoder().encodeToString(amd.crl(VekKind.VCEK).toByteArray()));
        return body.toString();
    }

    private ObjectNode body(Bytes chip, String nonce) {
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.empty());
        Bytes reportData = binding.expectedReportData(List.of()).orElseThrow();
        Bytes report = amd.report(draft -> draft.reportData(reportData).chipId(chip));
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("audience", PackagedService.AUDIENCE)
                .put("nonce", nonce);
        body.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", Base64.getUrlEncoder().withoutPadding().encodeToString(report.toByteArray()));
        return body;
    }

    @Override
    public void close() {
        kds.close();
    }
}
