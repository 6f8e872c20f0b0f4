package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is handed out beside the script fits it. */
class ShellPackagingTest extends BootTest {
    private static final Path SHELL = Path.of("clients", "shell");

    @Test
    void everySettingOfTheExampleIsOneThatTheScriptKnows() throws Exception {
        String example = Files.readString(SHELL.resolve("attest.conf.example"));
        // Those that are commented out too.
        Files.writeString(
                client.config(),
                Pattern.compile("(?m)^#(?=[a-z_]+=)").matcher(example).replaceAll("") + "\ntsm=/nowhere\n");
        var ran = client.run("release", "--kms", service.address(), "--insecure-http", "--ca", "");
        assertEnds(78, ran, "there is no token");
        assertFalse(ran.output().contains("there is no setting"), ran.output());
    }

    @Test
    void helpNamesEverySetting() throws Exception {
        String script = Files.readString(SHELL.resolve("countersign-attest"));
        var known = Pattern.compile("(?s)\nknown=\"([a-z_\n ]+)\"").matcher(script);
        assertTrue(known.find());
        var help = client.run("help");
        assertEquals(0, help.exit());
        for (String name : known.group(1).strip().split("\\s+", -1)) {
            assertTrue(
                    help.output().contains("--" + name.replace('_', '-') + " ")
                            || help.output().contains("--" + name.replace('_', '-') + "  "),
                    name);
        }
    }

    @Test
    void systemdReadsTheUnit() throws Exception {
        BootClient.assumeInstalled("systemd-analyze");
        String unit = Files.readString(SHELL.resolve("systemd").resolve("countersign-attest.service"));
        Path copy = Files.writeString(
                folder.resolve("countersign-attest.service"),
                unit.replace("/usr/local/sbin/countersign-attest", "/bin/true"));
        Process process = new ProcessBuilder("systemd-analyze", "verify", "--man=no", copy.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        // It also speaks of other units of the system.
        assertFalse(said.lines().anyMatch(line -> line.contains("countersign-attest.service")), said);
    }
}
