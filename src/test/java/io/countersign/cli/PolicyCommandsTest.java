package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.assertGolden;
import static io.countersign.cli.CommandLineBench.gateway;
import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.cli.CommandLineBench.Ran;
import io.countersign.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCommandsTest {
    private static final String IMAGE = "5f".repeat(48);
    private static final String OTHER_IMAGE = "6e".repeat(48);
    private static final String LABORATORY = "fixtures/insecure-anchors.pem";

    @TempDir
    private Path folder = Path.of("");

    private Path replaced(String file, String what, String by) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertTrue(text.contains(what), what);
        return Files.writeString(path, text.replace(what, by));
    }

    /** The text without the folder, which has another name each time. */
    private String steady(String text) {
        return text.replace(folder.toString(), "<folder>");
    }

    private Path cases() throws IOException {
        Path cases = Files.createDirectory(folder.resolve("cases"));
        for (String name : List.of("milan-v5", "genoa-v3", "debug-allowed")) {
            Files.writeString(
                    cases.resolve(name + ".json"),
                    Fixtures.named("sev-snp/" + name).requestText());
        }
        return cases;
    }

    private Path genoaOnly() throws IOException {
        return Files.writeString(folder.resolve("draft.yaml"), """
                policy: genoa-only
                version: "1"
                summary: The baseline, on Genoa.
                extends: [baseline]
                rules:
                  - name: machine is a Genoa
                    for: sev-snp
                    require: cpu.snp.product == "Genoa"
                    sets: hardware
                    because: Nothing else was tried.
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/main/resources/policies",
                "src/main/resources/policies/examples",
                "baseline",
                "cpu-only",
                "confidential-gpu",
                "confidential-gpu-strict",
                "amd-tcb-floors"
            })
    void allThatShipsLintsWithoutAFinding(String what) {
        JsonNode document = run("policy", "lint", what, "--strict", "--json", "--at", "2026-11-24")
                .ends(Main.FINE)
                .json();
        assertTrue(document.path("files").size() > 0);
        assertEquals(
                0, document.path("errors").asInt() + document.path("warnings").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/resources/policies", "src/main/resources/policies/examples"})
    void allThatShipsMeetsItsTests(String what) {
        JsonNode document =
                run("policy", "test", what, "--json").ends(Main.FINE).json();
        assertEquals(document.path("tests").asInt(), document.path("met").asInt());
        document.path("files").forEach(file -> assertTrue(file.path("tests").size() > 0, file.toString()));
    }

    @Test
    void aSoundFolderIsAccepted() throws IOException {
        Ran ran = run("policy", "lint", gateway(folder, IMAGE).toString()).ends(Main.FINE);
        assertTrue(ran.out().endsWith("2 files, 0 errors, 0 warnings\n"), ran.out());
        assertEquals("", ran.err());
        assertFalse(ran.out().contains("\u001b"), "colours in a pipe");
        run("policy", "test", folder.toString()).ends(Main.FINE);
    }

    @Test
    void mistakesAreToldOnceAndEachWithItsPlace() throws IOException {
        gateway(folder, IMAGE);
        replaced("policy.yaml", "cpu.launch_measurement in", "cpu.launch_measurment in");
        replaced("policy.yaml", "    because: Only", "    becuase: Only");
        replaced("images.yaml", IMAGE, IMAGE.substring(1));
        Ran ran = run("policy", "lint", folder.toString()).ends(Main.FOUND);
        assertGolden("lint", steady(ran.out()));
        assertFalse(ran.out().contains("has no reference values"), ran.out());
    }

    @Test
    void lintAsJsonHoldsEveryIssueWithItsPlace() throws IOException {
        gateway(folder, IMAGE);
        replaced("policy.yaml", "cpu.launch_measurement in", "cpu.launch_measurment in");
        JsonNode document = run("policy", "lint", "--json", folder.toString())
                .ends(Main.FOUND)
                .json();
        assertEquals(1, document.path("errors").asInt());
        JsonNode refused = document.path("files").get(1);
        assertEquals("refused", refused.path("state").asText());
        JsonNode issue = refused.path("issues").get(0);
        assertEquals(10, issue.path("line").asInt());
        assertEquals("error", issue.path("severity").asText());
        assertEquals("accepted", document.path("files").get(0).path("state").asText());
        assertTrue(document.path("files").get(0).path("digest").asText().startsWith("sha256:"));
    }

    @Test
    void jsonIsAscii() throws IOException {
        gateway(folder, IMAGE);
        replaced("policy.yaml", "The gateway's image", "Das Abbild für «Gateway»");
        Ran ran = run("policy", "explain", folder.resolve("policy.yaml").toString(), "--json")
                .ends(Main.FINE);
        assertTrue(ran.out().chars().allMatch(each -> each < 128), ran.out());
        assertTrue(ran.json().path("summary").asText().startsWith("Das Abbild für «Gateway»"));
    }

    @Test
    void warningsFailOnlyWhereThatIsAsked() throws IOException {
        gateway(folder, IMAGE);
        replaced("images.yaml", "2099-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        String name = folder.toString();
        run("policy", "lint", name, "--at", "2029-01-01").ends(Main.FINE);
        run("policy", "lint", name, "--at", "2029-01-01", "--strict").ends(Main.FOUND);
        assertTrue(run("policy", "lint", name, "--at", "2029-12-20")
                .ends(Main.FINE)
                .out()
                .contains("expire in 12 days"));
        run("policy", "lint", name, "--at", "2029-12-20", "--strict").ends(Main.FOUND);
    }

    @Test
    void aValuesFileThatNobodyDrawsInSaysWhatExpired() throws IOException {
        gateway(folder, IMAGE);
        replaced("images.yaml", "2099-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        Ran ran = run("policy", "lint", folder.resolve("images.yaml").toString(), "--at", "2030-01-03")
                .ends(Main.FINE);
        assertTrue(ran.out().contains("the reference values \"images\" expired 2 days ago"), ran.out());
    }

    @Test
    void whatExpiresIsToldOnceInAFolder() throws IOException {
        gateway(folder, IMAGE);
        replaced("images.yaml", "2099-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        JsonNode document = run("policy", "lint", "--json", folder.toString(), "--at", "2030-01-03")
                .ends(Main.FINE)
                .json();
        long told = document.findValues("message").stream()
                .filter(message -> message.asText().contains("expired 2 days ago"))
                .count();
        assertEquals(1, told, document.toString());
    }

    @Test
    void filesThatAreNoPoliciesAreRefusedWithTheirPlace() throws IOException {
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        Path huge = Files.writeString(folder.resolve("huge.yaml"), "ü".repeat(100_000));
        Path empty = Files.writeString(folder.resolve("empty.yaml"), "");
        assertTrue(
                run("policy", "lint", binary.toString()).ends(Main.FOUND).out().contains("this is not UTF-8 text"));
        assertTrue(run("policy", "lint", huge.toString()).ends(Main.FOUND).out().contains("at most 64 KiB"));
        assertTrue(
                run("policy", "lint", empty.toString()).ends(Main.FOUND).out().contains("begin with: policy: <id>"));
        assertEquals(
                3,
                run("policy", "lint", "--json", folder.toString())
                        .ends(Main.FOUND)
                        .json()
                        .path("errors")
                        .asInt());
        Ran ran = run("policy", "explain", binary.toString()).ends(Main.USAGE);
        assertTrue(ran.err().contains("is no usable policy:\n"), ran.err());
    }

    @Test
    void whatLiesBesideAFileAndIsBrokenDoesNotStandInItsWay() throws IOException {
        gateway(folder, IMAGE);
        Files.write(folder.resolve("other.yaml"), new byte[] {(byte) 0xff});
        Files.writeString(folder.resolve("compose.yaml"), "services: {}\n");
        run("policy", "lint", folder.resolve("policy.yaml").toString()).ends(Main.FINE);
    }

    @Test
    void ofTwoFilesWithOneIdTheNamedOneCounts() throws IOException {
        gateway(folder, IMAGE);
        Files.copy(folder.resolve("policy.yaml"), folder.resolve("before.yaml"));
        run("policy", "lint", folder.resolve("policy.yaml").toString()).ends(Main.FINE);
        Ran both = run("policy", "lint", folder.toString()).ends(Main.FOUND);
        assertTrue(both.out().contains("several files declare the id \"gateway\""), both.out());
    }

    @Test
    void filesThatLieTooDeepAreNamed() throws IOException {
        gateway(folder, IMAGE);
        gateway(folder.resolve("a/b"), IMAGE);
        Ran ran = run("policy", "lint", folder.toString()).ends(Main.FINE);
        assertTrue(ran.out().contains("not read " + folder.resolve("a/b/policy.yaml")), ran.out());
        assertEquals(
                2,
                run("policy", "lint", "--json", folder.toString())
                        .json()
                        .path("not_read")
                        .size());
    }

    @Test
    void aFileThatMayNotBeReadIsToldInWords() throws IOException {
        gateway(folder, IMAGE);
        Path file = folder.resolve("policy.yaml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
        assertTrue(run("policy", "lint", file.toString()).ends(Main.USAGE).err().contains("permission denied"));
    }

    @Test
    void aTestThatIsNotMetSaysWhatCameOutAndWhy() throws IOException {
        gateway(folder, IMAGE);
        replaced("policy.yaml", "with: { cpu0.launch_measurement: \"" + IMAGE + "\" }", "at: 2026-06-01T00:00:00Z");
        Ran ran = run("policy", "test", folder.toString()).ends(Main.FOUND);
        assertGolden("test", steady(ran.out()));
        JsonNode document = run("policy", "test", folder.toString(), "--json")
                .ends(Main.FOUND)
                .json();
        assertEquals(1, document.path("met").asInt());
        assertEquals(2, document.path("tests").asInt());
        JsonNode tests = document.path("files").get(0).path("tests");
        assertEquals(
                List.of("differs", "met"),
                IntStream.range(0, 2)
                        .mapToObj(i -> tests.get(i).path("outcome").asText())
                        .toList());
    }

    @Test
    void aTestWhoseCaseIsNotThereIsBroken() throws IOException {
        gateway(folder, IMAGE);
        replaced("policy.yaml", "fixture:sev-snp/genoa-v3", "cases/nowhere.json");
        Ran ran = run("policy", "test", folder.toString()).ends(Main.FOUND);
        assertTrue(ran.out().contains("broken   the released image gets a token"), ran.out());
        assertTrue(ran.out().contains("there is no case cases/nowhere.json"), ran.out());
    }

    @Test
    void noTestAtAllIsNoSuccess() throws IOException {
        run("policy", "test", genoaOnly().toString()).ends(Main.FOUND);
        gateway(folder, IMAGE);
        assertTrue(run("policy", "test", folder.resolve("images.yaml").toString())
                .ends(Main.USAGE)
                .err()
                .contains("only values files"));
    }

    @Test
    void explainSaysWhatAPolicyDemands() throws IOException {
        gateway(folder, IMAGE);
        String file = folder.resolve("policy.yaml").toString();
        assertGolden("explain", run("policy", "explain", file).ends(Main.FINE).out());
        JsonNode document =
                run("policy", "explain", file, "--json").ends(Main.FINE).json();
        assertEquals("pinned", document.path("workload").asText());
        assertTrue(document.path("rules").findValuesAsText("name").contains("image is released"));
    }

    @Test
    void explainSaysHowACaseComesOut() throws IOException {
        gateway(folder, IMAGE);
        String file = folder.resolve("policy.yaml").toString();
        Ran ran = run("policy", "explain", file, "--case", "fixture:sev-snp/genoa-v3")
                .ends(Main.FOUND);
        assertGolden("explain-case", ran.out());
        JsonNode document = run("policy", "explain", file, "--case", "fixture:sev-snp/genoa-v3", "--json")
                .ends(Main.FOUND)
                .json();
        assertEquals("contraindicated", document.path("status").asText());
    }

    @Test
    void devicesThatAreAlikeAreToldTogether() {
        Ran ran = run("policy", "explain", "confidential-gpu", "--case", "fixture:nvidia-gpu/snp-and-8-gpus");
        assertGoldenQuietly("explain-gpus", ran.out());
        assertTrue(ran.out().contains("gpu0 to gpu7 (nvidia-gpu), genuine, affirming"), ran.out());
    }

    private static void assertGoldenQuietly(String name, String told) {
        try {
            assertGolden(name, told);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void explainReadsACaseFromAFile() throws IOException {
        Path cases = cases();
        String good = cases.resolve("genoa-v3.json").toString();
        String trusted = run("policy", "explain", "cpu-only", "--case", good, "--laboratory", LABORATORY)
                .ends(Main.FOUND)
                .out();
        assertTrue(trusted.startsWith("affirming  "), trusted);
        assertTrue(trusted.contains("no token could be made: no rule pins what may run"), trusted);
        // The vendors' own roots know nothing of a machine that software made.
        String untrusted = run("policy", "explain", "cpu-only", "--case", good)
                .ends(Main.FOUND)
                .out();
        assertTrue(untrusted.startsWith("contraindicated  "), untrusted);
        Path bad = Files.writeString(cases.resolve("bad.json"), "{\"at\": nope");
        Ran ran = run("policy", "explain", "cpu-only", "--case", bad.toString()).ends(Main.USAGE);
        assertTrue(ran.err().contains("bad.json: ") && ran.err().contains("line 1"), ran.err());
        assertTrue(run("policy", "explain", "cpu-only", "--case", "fixture:sev-snp/genoa-v4")
                .ends(Main.USAGE)
                .err()
                .contains("near to it: "));
    }

    @Test
    void diffSaysWhatIsStricterAndLooser() throws IOException {
        Path before = gateway(folder.resolve("old"), IMAGE).resolve("policy.yaml");
        Path after = gateway(folder.resolve("new"), IMAGE).resolve("policy.yaml");
        Files.writeString(after, Files.readString(after).replace("rules:\n", """
                rules:
                  - name: machine is a Genoa
                    for: sev-snp
                    require: cpu.snp.product == "Genoa"
                    sets: hardware
                    because: Nothing else was tried.
                """));
        Path images = after.resolveSibling("images.yaml");
        Files.writeString(images, Files.readString(images).replace("[" + IMAGE, "[" + OTHER_IMAGE + ", " + IMAGE));
        Ran ran = run("policy", "diff", before.toString(), after.toString()).ends(Main.FINE);
        assertGolden("diff", ran.out());
        run("policy", "diff", before.toString(), after.toString(), "--fail-on", "looser")
                .ends(Main.FOUND);
        run("policy", "diff", before.toString(), before.toString(), "--fail-on", "any")
                .ends(Main.FINE);
        JsonNode document = run("policy", "diff", before.toString(), after.toString(), "--json")
                .ends(Main.FINE)
                .json();
        List<String> kinds = document.path("changes").findValuesAsText("kind");
        assertTrue(kinds.contains("stricter") && kinds.contains("looser"), kinds.toString());
    }

    @Test
    void replaySaysWhoWouldNewlyBeRefused() throws IOException {
        String[] command = {
            "policy",
            "replay",
            genoaOnly().toString(),
            "--against",
            "baseline",
            "--cases",
            cases().toString(),
            "--laboratory",
            LABORATORY,
            "--all"
        };
        assertGolden("replay", steady(run(command).ends(Main.FINE).out()));
        String[] failing = java.util.Arrays.copyOf(command, command.length + 3);
        failing[command.length] = "--fail-on";
        failing[command.length + 1] = "refused";
        failing[command.length + 2] = "--json";
        Ran ran = run(failing).ends(Main.FOUND);
        assertTrue(ran.json().isObject());
    }

    @Test
    void aReplayOfNothingIsNoSuccess() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Ran ran = run("policy", "replay", "baseline", "--against", "baseline", "--cases", empty.toString())
                .ends(Main.FOUND);
        assertTrue(ran.out().contains("No case was judged, so nothing is known."), ran.out());
    }

    @Test
    void anExampleIsCopiedOnceAndPasses() {
        Path target = folder.resolve("new/gateway");
        run("policy", "example", "ohttp-gateway", target.toString()).ends(Main.FINE);
        run("policy", "lint", "--strict", target.toString(), "--at", "2026-11-24")
                .ends(Main.FINE);
        run("policy", "test", target.toString()).ends(Main.FINE);
        assertTrue(run("policy", "example", "ohttp-gateway", target.toString())
                .ends(Main.USAGE)
                .err()
                .contains("it is there already"));
        assertEquals(
                "development\nohttp-gateway\n",
                run("policy", "example").ends(Main.FINE).out());
        assertTrue(run("policy", "example", "nope").ends(Main.USAGE).err().contains("there are development, ohttp"));
    }
}
