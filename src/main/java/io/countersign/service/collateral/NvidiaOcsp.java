package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspQuestion;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NVIDIA's OCSP responder, or a cache of it: RFC 6960, appendix A, by POST. Only the configured address is ever asked, never
 * the one that a certificate names.
 */
public final class NvidiaOcsp implements EndorsementSource {
    /** Generous: an answer with the certificates of its responder stays below 6 KiB. */
    private static final int MAX_ANSWER = 16 * 1024;

    private static final int SHA384_LENGTH = 48;

    /** RFC 5280, section 4.1.2.2 allows 20 bytes; more than this is no serial number of anybody's. */
    private static final int MAX_SERIAL_BITS = 512;

    /** Devices come eight to a machine, and a switch or four with them. */
    private static final int DEVICES_A_MACHINE = 8;

    private final CollateralConfig config;
    private final NvidiaConfig nvidia;
    private final String vendor;
    private final SecureRandom random;
    private final HttpFetcher http;

    public NvidiaOcsp(CollateralConfig config, InstantSource clock, SecureRandom random) {
        this.config = config;
        this.nvidia = config.nvidia();
        this.vendor = "NVIDIA's OCSP responder at " + nvidia.ocspUrl().getHost();
        this.random = random;
        this.http = new HttpFetcher(config.connectTimeout(), clock, HttpFetcher.Tls.asJavaDoes());
    }

    @Override
    public String vendor() {
        return "nvidia-ocsp";
    }

    @Override
    public boolean supports(EndorsementRef ref) {
        return ref instanceof OcspAnswer;
    }

    @Override
    public Optional<String> objection(EndorsementRef ref) {
        OcspAnswer wanted = ocsp(ref);
        boolean sensible = wanted.issuerNameHash().length() == SHA384_LENGTH
                && wanted.issuerKeyHash().length() == SHA384_LENGTH
                && wanted.serial().bitLength() <= MAX_SERIAL_BITS;
        return sensible
                ? Optional.empty()
                : Optional.of("the certificate has a serial number or an issuer that no responder can be asked about");
    }

    @Override
    public EndorsementTraits traits(EndorsementRef ref) {
        OcspAnswer wanted = ocsp(ref);
        String scope = wanted.scope().name().toLowerCase(Locale.ROOT);
        return new EndorsementTraits(
                "nvidia-ocsp",
                scope,
                switch (wanted.scope()) {
                    case DEVICE -> EndorsementTraits.Use.PER_MACHINE;
                    case SHARED -> EndorsementTraits.Use.PER_FAMILY;
                },
                MAX_ANSWER,
                // Apart, so that no number of devices fills the directory of what they share.
                List.of("nvidia/ocsp/%s/%s.der".formatted(scope, name(wanted))),
                Optional.of(nvidia.ocspMaxAge()),
                nvidia.ocspMaxAge().dividedBy(4),
                Optional.empty());
    }

    private static Bytes name(OcspAnswer wanted) {
        return Bytes.concat(
                        wanted.issuerNameHash(),
                        wanted.issuerKeyHash(),
                        Bytes.copyOf(wanted.serial().toByteArray()))
                .sha256();
    }

    /**
     * Nobody is asked about a device before its report was found genuine, so none can be made up. The budget is there for
     * whoever has very many, and must let a machine with all of its devices through.
     */
    @Override
    public CollateralConfig.Budget budget() {
        return new CollateralConfig.Budget(
                Math.multiplyExact(config.budget().chips(), DEVICES_A_MACHINE),
                config.budget().per());
    }

    @Override
    public Reading read(EndorsementRef ref, Bytes content) {
        return NvidiaReadings.read(ocsp(ref), content);
    }

    @Override
    public List<URI> origins(EndorsementRef ref) {
        return List.of(nvidia.ocspUrl());
    }

    @Override
    public Fetched fetch(EndorsementRef ref, URI origin, Duration atMost) {
        OcspAnswer wanted = ocsp(ref);
        byte[] fresh = new byte[OcspQuestion.NONCE_LENGTH];
        random.nextBytes(fresh);
        Bytes nonce = Bytes.copyOf(fresh);
        Bytes body = OcspQuestion.der(wanted.issuerNameHash(), wanted.issuerKeyHash(), wanted.serial(), nonce);
        return HttpFetcher.heedingRetryAfter(http.ask(
                new HttpFetcher.Question(vendor, origin, MAX_ANSWER, atMost),
                new HttpFetcher.Manner.Post(body, "application/ocsp-request", "application/ocsp-response"),
                (answer, _) -> judged(answer, nonce)));
    }

    /** Only whether it is an answer to this question: what it says, and whether the responder signed it, is for the core. */
    private Fetched judged(Bytes answer, Bytes nonce) {
        return switch (NvidiaReadings.status(answer)) {
            case SUCCESSFUL -> answersWith(nonce, answer) ? new Fetched.Received(answer) : replayed();
            case UNAUTHORIZED ->
                new Fetched.Failed(
                        FetchFailure.NOT_FOUND, vendor + " answered that it is not the one to ask (unauthorized)");
            case UNSUCCESSFUL ->
                new Fetched.Failed(
                        FetchFailure.UNEXPECTED_STATUS,
                        vendor + " answered that it has no answer now (such as tryLater or internalError)");
            case NONE -> new Fetched.Failed(FetchFailure.WRONG_BODY, vendor + " sent something that is no OCSP answer");
        };
    }

    private boolean answersWith(Bytes nonce, Bytes answer) {
        return switch (nvidia.ocspNonce()) {
            case REQUIRED -> OcspQuestion.nonceOf(answer).filter(nonce::equals).isPresent();
            case OPTIONAL -> true;
        };
    }

    private Fetched replayed() {
        return new Fetched.Failed(
                FetchFailure.WRONG_BODY,
                vendor + " did not repeat the nonce that it was asked with, so its answer may be an old one. If it is a"
                        + " cache of your own, set countersign.collateral.nvidia-ocsp-nonce=optional");
    }

    /** They are known only once genuine evidence has named them. */
    @Override
    public List<EndorsementRef> shared() {
        return List.of();
    }

    private static OcspAnswer ocsp(EndorsementRef ref) {
        if (ref instanceof OcspAnswer answer) {
            return answer;
        }
        throw new IllegalArgumentException("NVIDIA's OCSP responder does not supply " + ref.description());
    }

    @Override
    public void close() {
        http.close();
    }
}
