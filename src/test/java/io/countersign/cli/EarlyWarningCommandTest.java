package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.cli.CommandLineBench.Ran;
import io.countersign.insecure.IntelMachine;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.testkit.ComingTcb;
import io.countersign.testkit.Fixtures;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyWarningCommandTest {
    private static final String LABORATORY = "fixtures/insecure-anchors.pem";

    @TempDir
    private Path folder = Path.of("");

    private Path cases = Path.of("");
    private Path early = Path.of("");

    @BeforeEach
    void recordAndFetch() throws IOException {
        cases = Files.createDirectory(folder.resolve("cases"));
        for (String name : List.of("intel-tdx/v5-td-1.5", "intel-tdx/debug", "sev-snp/milan-v5")) {
            Files.writeString(
                    cases.resolve(Bytes.utf8(name).sha256().toString().substring(0, 8) + ".json"),
                    Fixtures.named(name).requestText());
        }
        early = Files.createDirectory(folder.resolve("early"));
        identity(SoftwareIntels.trusted().qeIdentity(TeeType.TDX).json());
        tcbInfo(SoftwareIntels.trusted().tcbInfo(TeeType.TDX).json());
    }

    private static String chain() {
        return SoftwareIntels.trusted().signerChain();
    }

    private void identity(String body) throws IOException {
        Files.writeString(early.resolve("qe_identity_early.json"), chain() + body);
    }

    private void tcbInfo(String body) throws IOException {
        Files.writeString(early.resolve("tcb_early.json"), chain() + body);
    }

    private static String recovered() {
        return ComingTcb.recovered(SoftwareIntels.trusted().tcbInfo(TeeType.TDX))
                .json();
    }

    private Ran warned(String... more) {
        var command = new ArrayList<>(List.of(
                "early-warning",
                cases.toString(),
                "--laboratory",
                LABORATORY,
                "--at",
                "2026-06-01T00:00:00Z",
                "--intel-collateral",
                early.toString()));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    @Test
    void whoWillBeAcceptedEndsWell() {
        Ran ran = warned().ends(Main.FINE);
        assertTrue(ran.out().contains("2 platforms of 2 cases that were accepted"), ran.out());
        assertTrue(ran.out().contains("1 case refused as recorded left aside"), ran.out());
        assertTrue(ran.out().contains("TCB evaluation data number 20"), ran.out());
        assertFalse(ran.out().contains("Will be refused"), ran.out());
    }

    @Test
    void whoWillBeRefusedIsSaidWithTheReasonAndWhatToDo() throws IOException {
        tcbInfo(recovered());
        Ran ran = warned().ends(Main.FOUND);
        String text = ran.out().replaceAll("\\s+", " ");
        for (String word : List.of(
                "TCB evaluation data number 21",
                "platforms were judged by 20",
                "Will be refused: 1 platform (tdx, policy baseline)",
                "expected UpToDate, found OutOfDate",
                ComingTcb.ADVISORY,
                "early microcode is at 4, Intel wants 5",
                Bytes.utf8("intel-tdx/v5-td-1.5").sha256().toString().substring(0, 8) + ".json")) {
            assertTrue(text.contains(word), word + " in " + ran.out());
        }
        assertFalse(ran.out().contains("tdx.ppid"), ran.out());
        assertTrue(warned("--identifiers").ends(Main.FOUND).out().contains("tdx.ppid "), ran.out());
    }

    @Test
    void theSameAsJson() throws IOException {
        tcbInfo(recovered());
        JsonNode json = warned("--json").ends(Main.FOUND).json();
        assertEquals(2, json.get("platforms").size());
        for (JsonNode platform : json.get("platforms")) {
            String expected = platform.get("tee").asText().equals("tdx") ? "refused" : "not-asked";
            assertEquals(expected, platform.get("standing").asText());
            assertFalse(platform.has("identifier"));
        }
    }

    @Test
    void withoutCollateralNothingIsKnownAndThatIsNotFine() throws IOException {
        Files.delete(early.resolve("tcb_early.json"));
        Ran ran = warned().ends(Main.FOUND);
        assertTrue(ran.out().contains("Unknown: 1 platform"), ran.out());
        assertTrue(ran.out().replaceAll("\\s+", " ").contains("no file holds it"), ran.out());
    }

    @Test
    void collateralThatIsNotIntelsIsNotUsedAndSaid() throws IOException {
        tcbInfo(recovered().replace("OutOfDate", "UpToDate "));
        Ran ran = warned().ends(Main.FOUND);
        assertTrue(ran.out().contains("Not used as Intel's collateral: 1"), ran.out());
        assertTrue(ran.out().contains("Unknown: 1 platform"), ran.out());
    }

    @Test
    void onlineTheEarlyChannelIsAsked() {
        try (var pcs = new FakeVendor()) {
            pcs.serves(
                    "/tdx/certification/v4/tcb?fmspc=%s&update=early".formatted(IntelMachine.FMSPC),
                    Bytes.utf8(chain() + recovered()));
            pcs.serves(
                    "/tdx/certification/v4/qe/identity?update=early",
                    Bytes.utf8(chain()
                            + SoftwareIntels.trusted().qeIdentity(TeeType.TDX).json()));
            Ran ran = run(
                            "early-warning",
                            cases.toString(),
                            "--laboratory",
                            LABORATORY,
                            "--at",
                            "2026-06-01",
                            "--pcs-url",
                            pcs.url().toString())
                    .ends(Main.FOUND);
            assertTrue(ran.out().contains("Will be refused: 1 platform"), ran.out());
            assertEquals(2, pcs.asked().size());
        }
    }

    @Test
    void aPolicyThatIsToFollowJudgesWhatNoVendorAnnounces() throws IOException {
        Path next = Files.writeString(folder.resolve("next.yaml"), """
                policy: next
                version: "1"
                summary: The baseline of tomorrow.
                extends: [baseline]
                rules:
                  - name: firmware of tomorrow
                    for: sev-snp
                    require: cpu.snp.reported_tcb.snp >= 200
                    sets: hardware
                    because: A bulletin will ask for it.
                """);
        Ran ran = warned("--coming-policy", next.toString()).ends(Main.FOUND);
        assertTrue(ran.out().contains("Will be refused: 1 platform (sev-snp, policy baseline)"), ran.out());
        assertTrue(ran.out().contains("firmware of tomorrow"), ran.out());
    }

    @Test
    void casesOfWhichNoneCanBeJudgedAreNoGoodNews() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Ran ran = run("early-warning", empty.toString(), "--intel-collateral", early.toString())
                .ends(Main.FOUND);
        assertTrue(ran.out().contains("nothing is known"), ran.out());
        Files.writeString(empty.resolve("broken.json"), "{");
        assertTrue(run("early-warning", empty.toString(), "--intel-collateral", early.toString())
                .ends(Main.FOUND)
                .out()
                .contains("Could not be judged: 1"));
    }

    @Test
    void whatIsNotThereOrNoAddressIsSaidInWords() {
        assertTrue(run("early-warning", folder.resolve("missing").toString())
                .ends(Main.USAGE)
                .err()
                .contains("it is not there"));
        assertTrue(run(
                        "early-warning",
                        cases.toString(),
                        "--intel-collateral",
                        folder.resolve("missing").toString())
                .ends(Main.USAGE)
                .err()
                .contains("cannot be read"));
        assertTrue(run("early-warning", cases.toString(), "--pcs-url", "ftp://intel.example")
                .ends(Main.USAGE)
                .err()
                .contains("--pcs-url must be"));
    }
}
