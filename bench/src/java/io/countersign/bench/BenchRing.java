package io.countersign.bench;

import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.signing.FileVault;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyFolder;
import io.countersign.service.signing.KeyPurpose;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.KeyVaults;
import io.countersign.service.signing.SigningAlgorithm;
import io.countersign.service.signing.SigningObserver;
import io.countersign.service.signing.SigningRing;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Optional;

/** The service's own ring of keys with one ES256 key, in a folder of its own. */
final class BenchRing {
    private BenchRing() {}

    static SigningRing make() throws IOException, KeyTroubleException {
        var clock = InstantSource.system();
        var folder = new KeyFolder(Files.createTempDirectory("countersign-bench-"), KeyPurpose.INSECURE);
        var vaults =
                new KeyVaults(new FileVault(folder, SignatureProvider.fastest().provider()), Optional.empty());
        var first = new KeyChanges(folder, vaults).ringOrFirst(SigningAlgorithm.ES256, clock.instant());
        return new SigningRing(folder, vaults, first, clock, new SigningObserver() {
            @Override
            public void read() {}

            @Override
            public void unreadable() {}

            @Override
            public void failed() {}
        });
    }
}
