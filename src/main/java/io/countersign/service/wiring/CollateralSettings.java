package io.countersign.service.wiring;

import io.countersign.service.collateral.BearerKey;
import io.countersign.service.collateral.CollateralConfig;
import io.countersign.service.collateral.IntelPcsConfig;
import io.countersign.service.collateral.NvidiaConfig;
import io.countersign.service.config.CountersignConfig;
import java.net.URI;
import java.util.Optional;

/** The operator's settings of gathering as the gatherer takes them. */
final class CollateralSettings {
    private CollateralSettings() {}

    static CollateralConfig of(CountersignConfig config) {
        CountersignConfig.Collateral from = config.collateral();
        return new CollateralConfig(
                from.offline(),
                URI.create(from.amdKdsUrl()),
                Optional.of(config.dataDir()),
                from.connectTimeout(),
                from.requestTimeout(),
                from.waitAtMost(),
                from.maxConcurrent(),
                from.queue(),
                new CollateralConfig.Budget(from.budget().chips(), from.budget().per()),
                from.trackedClients(),
                from.crlMaxAge(),
                from.notFoundFor(),
                new CollateralConfig.Backoff(
                        from.throttled().first(), from.throttled().longest()),
                new CollateralConfig.Backoff(
                        from.failing().first(), from.failing().longest()),
                from.rememberedChips(),
                from.storedChips(),
                from.reissueBefore(),
                intel(from),
                nvidia(from));
    }

    private static IntelPcsConfig intel(CountersignConfig.Collateral from) {
        IntelPcsConfig.Update update =
                switch (from.intelUpdate()) {
                    case "standard" -> IntelPcsConfig.Update.STANDARD;
                    case "early" -> IntelPcsConfig.Update.EARLY;
                    default ->
                        throw new IllegalArgumentException(
                                "countersign.collateral.intel-update is standard or early, not " + from.intelUpdate());
                };
        return new IntelPcsConfig(
                from.intelPcsUrl().stream().map(String::strip).map(URI::create).toList(),
                from.intelRootCrlUrl().map(URI::create),
                update,
                from.intelTls().caCertificates(),
                from.intelCollateralMaxAge());
    }

    private static NvidiaConfig nvidia(CountersignConfig.Collateral from) {
        NvidiaConfig.OcspNonce nonce =
                switch (from.nvidiaOcspNonce()) {
                    case "required" -> NvidiaConfig.OcspNonce.REQUIRED;
                    case "optional" -> NvidiaConfig.OcspNonce.OPTIONAL;
                    default ->
                        throw new IllegalArgumentException(
                                "countersign.collateral.nvidia-ocsp-nonce is required or optional, not "
                                        + from.nvidiaOcspNonce());
                };
        return new NvidiaConfig(
                URI.create(from.nvidiaRimUrl()),
                from.nvidiaApiKey().filter(key -> !key.isBlank()).map(BearerKey::new),
                from.nvidiaRimMaxAge(),
                URI.create(from.nvidiaOcspUrl()),
                nonce,
                from.nvidiaOcspMaxAge());
    }
}
