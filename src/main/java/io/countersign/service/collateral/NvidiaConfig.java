package io.countersign.service.collateral;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of gathering from NVIDIA; {@code docs/collateral.md} explains each.
 *
 * @param rimUrl where NVIDIA's RIM service, or a mirror of it, answers
 * @param apiKey shown to the RIM service, and to nobody else
 * @param rimMaxAge how old a RIM may grow before it is asked for again: NVIDIA signs RIMs anew under the same id
 * @param ocspUrl where NVIDIA's OCSP responder, or a cache of it, answers; what certificates say about this is not heeded
 * @param ocspNonce whether a responder must repeat the nonce of the question
 * @param ocspMaxAge how old an OCSP answer may grow before a new one is asked for
 */
public record NvidiaConfig(
        URI rimUrl,
        Optional<BearerKey> apiKey,
        Duration rimMaxAge,
        URI ocspUrl,
        OcspNonce ocspNonce,
        Duration ocspMaxAge) {
    /** NVIDIA's own RIM service. */
    public static final URI NVIDIA_RIM = URI.create("https://rim.attestation.nvidia.com");

    /** NVIDIA's own responder. */
    public static final URI NVIDIA_OCSP = URI.create("https://ocsp.ndis.nvidia.com");

    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

    /** What to make of an OCSP answer that does not repeat the nonce of the question: RFC 9654, section 2.1. */
    public enum OcspNonce {
        /** It is not taken: somebody may be replaying it. */
        REQUIRED,
        /** It is taken as long as its own window lasts, as caches of a responder need. */
        OPTIONAL;

        /** As the configuration spells it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public NvidiaConfig {
        CollateralConfig.baseUrl("nvidia-rim-url", rimUrl);
        CollateralConfig.baseUrl("nvidia-ocsp-url", ocspUrl);
        CollateralConfig.positive("nvidia-rim-max-age", rimMaxAge);
        CollateralConfig.positive("nvidia-ocsp-max-age", ocspMaxAge);
        if (apiKey.isPresent() && !confidential(rimUrl)) {
            throw new IllegalArgumentException(
                    "countersign.collateral.nvidia-api-key is set, but nvidia-rim-url is an http address, which would let"
                            + " anybody in between read the key: use https, or leave the key away");
        }
    }

    private static boolean confidential(URI url) {
        return "https".equalsIgnoreCase(url.getScheme())
                || THIS_MACHINE.contains(url.getHost().toLowerCase(Locale.ROOT));
    }

    /** NVIDIA's own services, without a key. */
    public static NvidiaConfig defaults() {
        return new NvidiaConfig(
                NVIDIA_RIM,
                Optional.empty(),
                Duration.ofHours(24),
                NVIDIA_OCSP,
                OcspNonce.REQUIRED,
                Duration.ofHours(1));
    }
}
