package io.countersign.service;

import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaRimPki;
import io.countersign.insecure.NvidiaServices;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * NVIDIA's RIM service and its OCSP responder, each where it can go down by itself, as the software NVIDIA would run them. The
 * roots are those of {@link SoftwareNvidias#trusted}; answers are of now.
 */
final class LaboratoryNvidia {
    /** How long answers count that a test says nothing about. */
    private static final Duration LIFE = Duration.ofHours(12);

    final FakeVendor rims = new FakeVendor();
    final FakeVendor ocsp = new FakeVendor();

    private final SoftwareNvidia nvidia = ofNow();
    private final NvidiaServices services = new NvidiaServices(nvidia);
    private final Map<BigInteger, UnaryOperator<SoftwareOcsp>> changes = new ConcurrentHashMap<>();
    private final List<FakeVendor.Asked> asked = new CopyOnWriteArrayList<>();
    private volatile InstantSource clock = InstantSource.system();

    LaboratoryNvidia() {
        services.answering(this::answered);
        rims.repliesOtherwise(new FakeVendor.Reply.Made(question -> {
            asked.add(question);
            return services.rim(question.path().substring("/v1/rim/".length()))
                    .<FakeVendor.Reply>map(LaboratoryNvidia::json)
                    .orElseGet(() -> FakeVendor.status(404));
        }));
        ocsp.repliesOtherwise(new FakeVendor.Reply.Made(question -> {
            asked.add(question);
            return new FakeVendor.Reply.Plain(200, Map.of(), services.ocsp(question.body()));
        }));
    }

    /** The NVIDIA of the laboratory's roots, whose answers are of this hour. */
    static SoftwareNvidia ofNow() {
        return new SoftwareNvidia(
                name -> SoftwareNvidias.key("nvidia-" + name), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static FakeVendor.Reply json(String body) {
        return new FakeVendor.Reply.Plain(200, Map.of("Content-Type", "application/json"), Bytes.utf8(body));
    }

    private SoftwareOcsp answered(SoftwareOcsp answer) {
        Instant made = now().minusSeconds(60);
        answer.producedAt(made).thisUpdate(made).nextUpdate(made.plus(LIFE));
        return changes.getOrDefault(answer.subject().serial(), UnaryOperator.identity())
                .apply(answer);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Answers as of the service's clock from now on. */
    void follow(InstantSource other) {
        clock = other;
    }

    SoftwareNvidia nvidia() {
        return nvidia;
    }

    /** Gives out everything about this GPU from now on, and returns it. */
    SoftwareGpu publish(SoftwareGpu gpu) {
        services.knows(gpu);
        publish(driverRim(gpu.board()));
        publish(vbiosRim(gpu.board()));
        return gpu;
    }

    void publish(SoftwareSwitch device) {
        services.knows(device);
    }

    /** In place of what stood under its id. */
    void publish(SoftwareRim rim) {
        services.gives(rim);
    }

    /** By the signer whose certificate is good for longest. */
    SoftwareRim driverRim(NvidiaBoard board) {
        return SoftwareRim.driver(nvidia, board).reissued(pki(board));
    }

    /** By the same signer. */
    SoftwareRim vbiosRim(NvidiaBoard board) {
        return SoftwareRim.vbios(nvidia, board).reissued(pki(board));
    }

    private NvidiaRimPki pki(NvidiaBoard board) {
        return nvidia.rims(board.architecture());
    }

    /** Serial number of the certificate that is this GPU's alone and that a responder can be asked about. */
    static BigInteger serialOf(SoftwareGpu gpu) {
        return serial(gpu.chip().chain().get(1));
    }

    /** Serial number of the certificate that signs RIMs for GPUs of this board. */
    BigInteger serialOfRimSigner(NvidiaBoard board) {
        return serial(pki(board).laterSignerDraft().der());
    }

    private static BigInteger serial(Bytes certificate) {
        try {
            return new X509CertificateHolder(certificate.toByteArray()).getSerialNumber();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes answers about this certificate different from now on. */
    void answering(BigInteger serial, UnaryOperator<SoftwareOcsp> change) {
        changes.put(serial, change);
    }

    /** Everything is good again, and there. */
    void heal() {
        changes.clear();
        rims.openGate();
        ocsp.openGate();
    }

    /** All questions so far, to both services. */
    List<FakeVendor.Asked> asked() {
        return List.copyOf(asked);
    }
}
