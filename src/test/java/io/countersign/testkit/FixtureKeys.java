package io.countersign.testkit;

import io.countersign.insecure.RsaKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Derives the RSA keys of the software AMDs from their seed and writes them to {@code fixtures/insecure-keys}. */
public final class FixtureKeys {
    private static final String WARNING = """
            This key is public and worthless on purpose: anybody can derive it again from the seed in
            io.countersign.testkit.SoftwareAmds. It signs for a software AMD in tests and protects nothing.
            Trusting what it signs means trusting everybody.
            """;

    private FixtureKeys() {}

    /** The text of one key file. */
    public static String text(RsaKey key) {
        return WARNING + key.pem();
    }

    /** Takes about a second a key. */
    public static void main(String[] arguments) throws IOException {
        for (String name : SoftwareAmds.rsaKeyNames()) {
            Path file = SoftwareAmds.rsaKeyFile(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text(SoftwareAmds.deriveRsaKey(name)));
            System.out.println("wrote " + file);
        }
    }
}
