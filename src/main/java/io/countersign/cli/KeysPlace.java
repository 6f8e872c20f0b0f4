package io.countersign.cli;

import io.countersign.service.signing.FileVault;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyFolder;
import io.countersign.service.signing.KeyPurpose;
import io.countersign.service.signing.KeyRing;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.KeyVaults;
import io.countersign.service.signing.pkcs11.TokenSettings;
import io.countersign.service.signing.pkcs11.TokenVault;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys a command is about: the same settings as the service's, from options or the same variables. */
final class KeysPlace {
    @Option(
            names = "--data-dir",
            paramLabel = "<folder>",
            defaultValue = "${env:COUNTERSIGN_DATA_DIR:-data}",
            description = "The service's data folder; COUNTERSIGN_DATA_DIR, or else data.")
    private Path dataDir = Path.of("data");

    @Option(
            names = "--keys-dir",
            paramLabel = "<folder>",
            defaultValue = "${env:COUNTERSIGN_TOKEN_KEYS_DIR:-" + picocli.CommandLine.Option.NULL_VALUE + "}",
            description = "The folder of keys itself; COUNTERSIGN_TOKEN_KEYS_DIR, or else keys in the data folder.")
    private @Nullable Path keysDir;

    @Option(names = "--insecure", description = "The keys of the laboratory, instead of the real ones.")
    private boolean insecure;

    @Option(
            names = "--pkcs11-library",
            paramLabel = "<file>",
            defaultValue = "${env:COUNTERSIGN_TOKEN_PKCS11_LIBRARY:-" + picocli.CommandLine.Option.NULL_VALUE + "}",
            description = "PKCS#11 library of the token that holds the keys; COUNTERSIGN_TOKEN_PKCS11_LIBRARY.")
    private @Nullable Path library;

    @Option(
            names = "--pkcs11-token-label",
            paramLabel = "<label>",
            defaultValue = "${env:COUNTERSIGN_TOKEN_PKCS11_TOKEN_LABEL:-" + picocli.CommandLine.Option.NULL_VALUE + "}",
            description = "Label of the token; COUNTERSIGN_TOKEN_PKCS11_TOKEN_LABEL.")
    private @Nullable String label;

    @Option(
            names = "--pkcs11-pin-file",
            paramLabel = "<file>",
            defaultValue = "${env:COUNTERSIGN_TOKEN_PKCS11_PIN_FILE:-" + picocli.CommandLine.Option.NULL_VALUE + "}",
            description = "File with the user PIN; COUNTERSIGN_TOKEN_PKCS11_PIN_FILE.")
    private @Nullable Path pinFile;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    /** For people, or for programs. */
    enum Output {
        TEXT,
        JSON
    }

    Output output() {
        return json ? Output.JSON : Output.TEXT;
    }

    KeyFolder folder() {
        return KeyFolder.of(
                Optional.ofNullable(keysDir), dataDir, insecure ? KeyPurpose.INSECURE : KeyPurpose.PRODUCTION);
    }

    KeyVaults vaults() throws KeyTroubleException {
        return new KeyVaults(
                new FileVault(folder(), curves()),
                TokenSettings.of(Optional.ofNullable(library), Optional.ofNullable(label), Optional.ofNullable(pinFile))
                        .map(TokenVault::new));
    }

    KeyChanges changes() throws KeyTroubleException {
        return new KeyChanges(folder(), vaults());
    }

    /** The ring, which must be there. */
    KeyRing ring() throws CommandException, KeyTroubleException {
        return folder().ring()
                .orElseThrow(() -> new CommandException(
                        "there is no key ring %s; the service makes it at its first start, \"countersign keys rotate\" too"
                                .formatted(folder().ringFile())));
    }

    private static Provider curves() {
        return Stream.of(Security.getProviders("KeyFactory.EC"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("every JDK knows elliptic curves"));
    }
}
