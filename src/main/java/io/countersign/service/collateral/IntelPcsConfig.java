package io.countersign.service.collateral;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of gathering from Intel; {@code docs/collateral.md} explains each.
 *
 * @param urls where Intel's Provisioning Certification Service, or a PCCS that mirrors it, answers: asked in this order
 * @param rootCrlUrl where the root's revocation list is, when it is not where each of {@code urls} is known to have it
 * @param update which of Intel's two channels to follow
 * @param caCertificates a PEM file of certificates that servers may show beside those that Java trusts
 * @param maxAge how old TCB info and QE identities may grow before new ones are asked for
 */
public record IntelPcsConfig(
        List<URI> urls, Optional<URI> rootCrlUrl, Update update, Optional<Path> caCertificates, Duration maxAge) {
    /** Intel's own service. */
    public static final URI INTEL_PCS = URI.create("https://api.trustedservices.intel.com");

    /** When a TCB recovery begins to count: Intel PCS API, version 4, parameter {@code update}. */
    public enum Update {
        /** Some months after Intel published it. */
        STANDARD,
        /** As soon as Intel published it. */
        EARLY;

        /** As Intel's service and the configuration spell it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public IntelPcsConfig {
        urls = urls.stream().map(IntelPcsConfig::withoutSlash).distinct().toList();
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("countersign.collateral.intel-pcs-url names no address");
        }
        urls.forEach(url -> CollateralConfig.baseUrl("intel-pcs-url", url));
        rootCrlUrl.ifPresent(url -> CollateralConfig.httpUrl("intel-root-crl-url", url));
        CollateralConfig.positive("intel-collateral-max-age", maxAge);
    }

    /** Intel's own service, the standard channel. */
    public static IntelPcsConfig defaults() {
        return new IntelPcsConfig(
                List.of(INTEL_PCS), Optional.empty(), Update.STANDARD, Optional.empty(), Duration.ofHours(6));
    }

    /** The same, following another channel. */
    public IntelPcsConfig with(Update other) {
        return new IntelPcsConfig(urls, rootCrlUrl, other, caCertificates, maxAge);
    }

    private static URI withoutSlash(URI url) {
        String text = url.toASCIIString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
