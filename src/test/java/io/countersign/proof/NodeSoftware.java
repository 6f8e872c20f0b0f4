package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** npm's jose in a Node.js process that stays, as it would in a service, and with it its cache of keys. */
final class NodeSoftware implements RelyingSoftware {
    static final String VERSION = "6.2.18";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("target", "node");

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    NodeSoftware(Setup setup, Terms terms) throws IOException, InterruptedException {
        install();
        process = new ProcessBuilder(
                        "node",
                        "verify.mjs",
                        setup.name().toLowerCase(Locale.ROOT),
                        terms.publisher().keySet().toString(),
                        terms.publisher().issuer(),
                        terms.audience(),
                        terms.policy())
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Into target/, from the registry that npm is set up for; where it cannot be had, the proof is left out. */
    private static void install() throws IOException, InterruptedException {
        Programs.assumeInstalled("node", "npm");
        Files.createDirectories(FOLDER);
        Files.copy(
                Path.of("src", "test", "node", "verify.mjs"),
                FOLDER.resolve("verify.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        Path installed = FOLDER.resolve(Path.of("node_modules", "jose", "package.json"));
        if (Files.exists(installed)
                && JSON.readTree(Files.readString(installed))
                        .path("version")
                        .asText()
                        .equals(VERSION)) {
            return;
        }
        Programs.Ran ran = Programs.run(
                List.of(
                        "npm",
                        "install",
                        "--no-save",
                        "--no-package-lock",
                        "--no-audit",
                        "--no-fund",
                        "--prefix",
                        ".",
                        "jose@" + VERSION),
                Map.of(),
                FOLDER);
        Assumptions.assumeTrue(
                ran.exit() == 0,
                "npm cannot install jose %s here; its proof is left out: %s".formatted(VERSION, ran.output()));
    }

    @Override
    public Verdict judge(String token) throws IOException {
        questions.write(token);
        questions.newLine();
        questions.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("verify.mjs ended; what it said stands above");
        }
        JsonNode answer = JSON.readTree(line);
        return answer.path("accepted").asBoolean()
                ? new Verdict.Accepted()
                : new Verdict.Refused(answer.path("why").asText());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
