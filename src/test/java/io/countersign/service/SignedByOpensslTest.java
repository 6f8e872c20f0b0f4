package io.countersign.service;

import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.PolicyEdits.shown;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Signatures as a security team makes them, with the tool that is on every machine. */
@QuarkusTest
@TestProfile(SignedPolicies.class)
class SignedByOpensslTest {
    private static final String NEXT = WatchedPolicies.pinned().replace("version: \"3\"", "version: \"5\"");

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @Inject
    @ConfigProperty(name = SignedPolicies.KEY)
    String signer;

    private static int run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException _) {
            return -1;
        }
    }

    private static byte[] signed(String text, String privateKey) throws IOException, InterruptedException {
        Path place = Temporary.folder("openssl");
        Path key = Temporary.file(
                place, "key.pem", "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(privateKey));
        Path file = Temporary.file(place, "policy.yaml", text);
        Path signature = place.resolve("policy.yaml.sig");
        int end = run(
                "openssl",
                "pkeyutl",
                "-sign",
                "-rawin",
                "-inkey",
                key.toString(),
                "-in",
                file.toString(),
                "-out",
                signature.toString());
        Assumptions.assumeTrue(end == 0, "openssl 3 is not on this machine");
        return Files.readAllBytes(signature);
    }

    @Test
    void signaturesOfOpensslCountAsBytesAndInBase64AndOnlyForTheTextThatWasSigned() throws Exception {
        byte[] signature = signed(NEXT, signer);
        String before = shown("pinned").get("digest").asText();
        Files.write(folder.resolve("pinned.yaml.sig"), signature);
        Files.writeString(folder.resolve("pinned.yaml"), NEXT + "# one line more\n");
        JsonNode refused = eventually("pinned", policy -> policy.has("refused"));
        assertEquals(before, refused.get("digest").asText());
        Files.writeString(folder.resolve("pinned.yaml"), NEXT);
        JsonNode after = eventually("pinned", policy -> !policy.has("refused"));
        assertEquals("5", after.get("version").asText());
        Files.writeString(
                folder.resolve("pinned.yaml.sig"), "AAAA" + Base64.getEncoder().encodeToString(signature));
        eventually("pinned", policy -> policy.has("refused"));
        Files.writeString(folder.resolve("pinned.yaml.sig"), Base64.getEncoder().encodeToString(signature));
        eventually("pinned", policy -> !policy.has("refused"));
    }
}
