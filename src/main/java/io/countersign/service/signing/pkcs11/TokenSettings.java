package io.countersign.service.signing.pkcs11;

import io.countersign.service.signing.KeyTroubleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which token, and how to open it.
 *
 * @param library the vendor's
 * @param label of the token; needed where the library has several
 * @param pinFile holds the user PIN, and nothing else but a line end
 * @param patience how long one call may take before it counts as failed
 */
public record TokenSettings(Path library, Optional<String> label, Path pinFile, Duration patience) {
    /** Longer than any token takes; short enough for whoever waits for an answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MOST_PIN = 256;
    private static final Pattern LINE_END = Pattern.compile("\\R\\z");

    /** Settings as people give them; empty when no library is named, which is how files are chosen. */
    public static Optional<TokenSettings> of(Optional<Path> library, Optional<String> label, Optional<Path> pinFile)
            throws KeyTroubleException {
        if (library.isEmpty()) {
            if (label.isPresent() || pinFile.isPresent()) {
                throw new KeyTroubleException(
                        "a PKCS#11 token label or PIN file is given, but no library; set countersign.token.pkcs11.library too");
            }
            return Optional.empty();
        }
        Path pin = pinFile.orElseThrow(() -> new KeyTroubleException(
                "a PKCS#11 library is given, but no PIN file; set countersign.token.pkcs11.pin-file too"));
        return Optional.of(new TokenSettings(library.get().toAbsolutePath().normalize(), label, pin, PATIENCE));
    }

    /** The token for people. */
    String words() {
        return label.map("the PKCS#11 token \"%s\""::formatted).orElse("the PKCS#11 token");
    }

    /** Read each time, so that a changed PIN needs no restart. */
    String pin() throws KeyTroubleException {
        try {
            if (Files.size(pinFile) > MOST_PIN) {
                throw new KeyTroubleException("the PIN file %s is too long to hold a PIN".formatted(pinFile));
            }
            String pin = LINE_END.matcher(Files.readString(pinFile)).replaceFirst("");
            if (pin.isEmpty()) {
                throw new KeyTroubleException("the PIN file %s is empty".formatted(pinFile));
            }
            return pin;
        } catch (IOException e) {
            throw new KeyTroubleException("the PIN file %s cannot be read".formatted(pinFile), e);
        }
    }
}
