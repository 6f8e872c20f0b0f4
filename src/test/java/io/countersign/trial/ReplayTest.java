package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.CaseReader;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final CaseReader READER = new CaseReader(Core.SCHEMES);
    private static final AppraisalPolicy BASELINE = Core.baseline();
    private static final List<String> SNP = List.of("milan-v3", "milan-v5", "vmpl-3", "debug-allowed");

    private record InMemory(String name, String text) implements CaseFile {
        @Override
        public byte[] read(int most) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static CaseFile file(String name, String text) {
        return new InMemory(name, text);
    }

    private static List<CaseFile> snp() {
        return SNP.stream()
                .map(name -> file(name, Fixtures.named("sev-snp/" + name).requestText()))
                .toList();
    }

    private static ReplayReport replay(List<? extends CaseFile> files, AppraisalPolicy before, AppraisalPolicy after)
            throws InterruptedException {
        return Replay.run(files.stream(), READER, before, after, ReplayBounds.usual());
    }

    private static AppraisalPolicy with(String rules) {
        return Core.policy("""
                policy: baseline-and-more
                version: "1"
                summary: A change to try.
                extends: [baseline]
                """ + rules, BASELINE);
    }

    private static final String VERSION_3 = """
            rules:
              - name: reports are of version 3
                for: sev-snp
                require: cpu.snp.version == 3
                sets: configuration
                because: It is a change to try.
            """;

    @Test
    void aNewRuleShowsWhomItWouldRefuseAndThatItAloneDecides() throws InterruptedException {
        ReplayReport report = replay(snp(), BASELINE, with(VERSION_3));
        assertEquals(4, report.judged());
        assertEquals(List.of("milan-v5"), report.newlyRefusedExamples());
        assertEquals(1, report.newlyRefused());
        assertEquals(2, report.refusedByBoth());
        assertEquals(1, report.admittedByBoth());
        assertEquals(0, report.newlyAdmitted());
        var rule = report.rules().getFirst();
        assertEquals("reports are of version 3", rule.name());
        assertTrue(rule.counts().newlyFailing() >= 1, rule.toString());
        assertEquals(1, rule.counts().decides());
        assertEquals(
                0,
                rule.counts().newlyMet()
                        + rule.counts().noLongerAsked()
                        + rule.counts().releases());
    }

    @Test
    void theOtherWayRoundTheSameIsNewlyAdmitted() throws InterruptedException {
        ReplayReport report = Replay.run(
                snp().stream(),
                READER,
                with(VERSION_3),
                BASELINE,
                ReplayBounds.usual().with(ReplayBounds.Scope.ALL));
        assertEquals(List.of("milan-v5"), report.newlyAdmittedExamples());
        assertEquals(1, report.newlyAdmitted());
        assertEquals(0, report.newlyRefused());
        var counts = report.rules().getFirst().counts();
        assertTrue(counts.noLongerAsked() >= 1, counts.toString());
        assertEquals(1, counts.releases());
        assertEquals(0, counts.newlyFailing() + counts.newlyMet() + counts.decides());
    }

    @Test
    void casesOfAnotherPolicyCountOnlyWhereAllDo() throws InterruptedException {
        ReplayReport report = replay(snp(), with(VERSION_3), BASELINE);
        assertEquals(0, report.judged());
        assertEquals(4, report.ofAnotherPolicy());
    }

    @Test
    void whetherTokensCouldBeMadeCountsWhereOnePolicyLetsThem() throws InterruptedException {
        AppraisalPolicy minting = with("any-workload: allow-because \"this is a test\"\n");
        ReplayReport report = replay(snp(), BASELINE, minting);
        assertEquals(java.util.Set.of(Yardstick.TOKEN), report.yardsticks());
        assertEquals(2, report.newlyAdmitted());
        assertEquals(
                java.util.Set.of(Yardstick.STATUS),
                replay(snp(), BASELINE, BASELINE).yardsticks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sev-snp", "intel-tdx", "intel-sgx"})
    void thePolicyItselfChangesNothing(String folder) throws InterruptedException {
        List<CaseFile> all = Fixtures.cases(folder).stream()
                .map(each -> file(each.name(), each.requestText()))
                .toList();
        ReplayReport report = Replay.run(
                all.stream(), READER, BASELINE, BASELINE, ReplayBounds.usual().with(ReplayBounds.Scope.ALL));
        assertEquals(all.size(), report.judged() + report.unreadable());
        assertTrue(report.judged() > 10);
        assertEquals(0, report.newlyAdmitted() + report.newlyRefused() + report.statusChanged());
        assertEquals(List.of(), report.rules());
        assertTrue(report.unreadableExamples().stream().noneMatch(why -> why.contains("error of this program")));
    }

    @Test
    void whatCannotBeReadIsCountedAndTheRestIsJudged() throws InterruptedException {
        var files = new ArrayList<>(snp());
        files.add(file("broken", "{"));
        files.add(file("empty", ""));
        files.add(new CaseFile() {
            @Override
            public String name() {
                return "gone";
            }

            @Override
            public byte[] read(int most) throws IOException {
                throw new IOException("no such disk");
            }
        });
        ReplayReport report = replay(files, BASELINE, BASELINE);
        assertEquals(4, report.judged());
        assertEquals(3, report.unreadable());
        assertTrue(
                report.unreadableExamples().getFirst().startsWith("broken: "),
                report.unreadableExamples().toString());
    }

    @Test
    void examplesAreBoundedAndTheFirstByName() throws InterruptedException {
        var files = new ArrayList<CaseFile>();
        String text = Fixtures.named("sev-snp/milan-v5").requestText();
        for (int i = 40; i > 0; i--) {
            files.add(file("case-%02d".formatted(i), text));
        }
        ReplayReport report = Replay.run(
                files.stream(),
                READER,
                BASELINE,
                with(VERSION_3),
                new ReplayBounds(2, 3, ReplayBounds.MAX_BYTES, ReplayBounds.Scope.OF_THE_POLICY));
        assertEquals(40, report.newlyRefused());
        assertEquals(List.of("case-01", "case-02", "case-03"), report.newlyRefusedExamples());
    }

    @Test
    void aFolderGivesItsCasesInOrderAndNothingElse(@TempDir Path folder) throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("b.json"), Fixtures.named("sev-snp/vmpl-3").requestText());
        Files.writeString(folder.resolve("a.json"), "x".repeat(100));
        Files.writeString(folder.resolve(".c.json"), "{}");
        Files.writeString(folder.resolve("notes.txt"), "{}");
        Files.createSymbolicLink(folder.resolve("d.json"), folder.resolve("b.json"));
        List<CaseFile> files = CaseFile.in(folder);
        assertEquals(
                List.of("a.json", "b.json"), files.stream().map(CaseFile::name).toList());
        ReplayReport report = Replay.run(
                Stream.of(files.getFirst()),
                READER,
                BASELINE,
                BASELINE,
                new ReplayBounds(1, 1, 50, ReplayBounds.Scope.ALL));
        assertEquals(List.of("a.json: it has more than 50 bytes"), report.unreadableExamples());
    }

    @Test
    void theReportIsPlainValuesToo() throws InterruptedException {
        var document = replay(snp(), BASELINE, with(VERSION_3)).document();
        assertEquals(1L, document.get("newly_refused"));
        assertEquals(List.of("milan-v5"), document.get("newly_refused_examples"));
    }
}
