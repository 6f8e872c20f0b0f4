package io.countersign.service.wiring;

import io.countersign.service.collateral.AmdKds;
import io.countersign.service.collateral.CollateralConfig;
import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.collateral.IntelPcs;
import io.countersign.service.collateral.NvidiaOcsp;
import io.countersign.service.collateral.NvidiaRims;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.ops.CountedFacts;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import io.countersign.verifier.tee.nvgpu.NvidiaSigned;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.AmdSigned;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelSigned;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What trust rests on: signatures, anchors, the schemes of every TEE, and where endorsements come from. */
@Singleton
class TrustWiring {
    private static final int REMEMBERED_FACTS = 50_000;

    @Produces
    @Singleton
    SignatureProvider signatureProvider(MeterRegistry registry) {
        SignatureProvider provider = SignatureProvider.fastest();
        Gauge.builder(
                        "countersign.signature.provider.fast",
                        () -> provider.speed() == SignatureProvider.Speed.FAST ? 1 : 0)
                .description("1 when signatures go through the native provider, 0 when a slow one is in use")
                .tag("provider", provider.provider().getName())
                .register(registry);
        return provider;
    }

    @Produces
    @Singleton
    SignatureFacts signatureFacts(MeterRegistry registry) {
        return new CountedFacts(new RememberedFacts(REMEMBERED_FACTS), registry);
    }

    /** The vendors' roots and, only when insecure mode is on, a laboratory's. */
    @Produces
    @Singleton
    TrustAnchors anchors(CountersignConfig config) {
        TrustAnchors pinned = Tees.vendorAnchors();
        Optional<Path> file = config.insecure().anchors();
        if (!config.insecure().enabled()) {
            if (file.isPresent()) {
                throw new IllegalArgumentException(
                        "countersign.insecure.anchors is set, but countersign.insecure.enabled is not true");
            }
            return pinned;
        }
        return file.map(path -> pinned.and(TrustAnchors.parse(read(path), TrustAnchors.Origin.LABORATORY)))
                .orElse(pinned);
    }

    @Produces
    @Singleton
    Schemes schemes(TrustAnchors anchors, SignatureProvider provider, SignatureFacts facts) {
        return Tees.schemes(anchors, Signatures.by(provider.provider()), facts);
    }

    @Produces
    @Singleton
    EndorsementGatherer gatherer(
            CountersignConfig config,
            TrustAnchors anchors,
            SignatureProvider provider,
            SignatureFacts facts,
            InstantSource clock,
            SecureRandom random,
            GatheringObserver observer) {
        CollateralConfig settings = CollateralSettings.of(config);
        Signatures signatures = Signatures.by(provider.provider());
        var amdSigned = new AmdSigned(anchors, signatures);
        var intelSigned = new IntelSigned(anchors, signatures, facts);
        var nvidiaSigned = new NvidiaSigned(anchors, signatures, facts);
        return new EndorsementGatherer(
                settings,
                List.of(
                        new AmdKds(settings, clock),
                        new IntelPcs(settings, clock),
                        new NvidiaRims(settings, clock),
                        new NvidiaOcsp(settings, clock, random)),
                clock,
                observer,
                (ref, content) -> switch (ref) {
                    case AmdEndorsementRef amd -> amdSigned.objection(amd, content);
                    case IntelEndorsementRef intel -> intelSigned.objection(intel, content);
                    case NvidiaEndorsementRef nvidia -> nvidiaSigned.objection(nvidia, content);
                    default -> Optional.empty();
                });
    }

    void close(@Disposes EndorsementGatherer gatherer) {
        gatherer.close();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("countersign.insecure.anchors %s cannot be read".formatted(file), e);
        }
    }
}
