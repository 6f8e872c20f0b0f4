package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No source can go back behind what it gave out before, and nobody but the service itself says how far that was. */
class RollbackTest {
    private static final String SEEN = "intel/tdx/tcb/50806f000000_standard.seen";

    private final IntelBench intel = new IntelBench();

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void keep() {
        intel.bench.dataDir = Optional.of(dir);
    }

    @AfterEach
    void stop() {
        intel.close();
    }

    private Path file(String name) {
        return dir.resolve("endorsements").resolve(name);
    }

    private int warnings() {
        return intel.bench.seen.warnings(GatheringWarning.LOWER_EVALUATION_NUMBER);
    }

    @Test
    void keepsTheCopyInHandWhenItsSourceGoesBack() {
        Bytes twenty = intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertInHand(twenty, gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofHours(5));
        intel.serve(intel.first, 19);
        gatherer.refreshDue();
        assertInHand(twenty, gatherer, FakeIntel.TCB);
        assertEquals(1, warnings());
        assertEquals(Optional.of("20"), IntelBench.seen(gatherer));

        intel.forward(Duration.ofMinutes(2));
        Bytes next = intel.serve(intel.first, 20);
        gatherer.refreshDue();
        assertInHand(next, gatherer, FakeIntel.TCB);
    }

    @Test
    void doesNotTakeTheSameNumberIssuedEarlier() {
        Bytes today = intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertInHand(today, gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofHours(5));
        intel.serve(intel.first, 20, intel.now().minus(Duration.ofDays(9)));
        gatherer.refreshDue();
        assertInHand(today, gatherer, FakeIntel.TCB);
        assertEquals(1, warnings());
    }

    @Test
    void saysThatAskingAgainCanHelpWhereTheCopyInHandHasEndedMeanwhile() {
        intel.serve(intel.first, 20);
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofDays(31));
        intel.serve(intel.first, 19);
        var own = Bench.inHand(gather(gatherer, FakeIntel.TCB), FakeIntel.TCB);
        assertEquals(Outcome.Cause.NOT_FETCHED, own.causeWhenOver());
        assertTrue(own.whyNotRenewed().contains("gave out number 20"), own.whyNotRenewed());
    }

    @Test
    void remembersOverARestartEvenWhenTheCopyIsGone() throws IOException {
        intel.serve(intel.first, 20);
        gather(intel.start(), FakeIntel.TCB);
        Files.delete(file("intel/tdx/tcb/50806f000000_standard.json"));
        intel.serve(intel.first, 19);
        var restarted = intel.start();
        assertEquals(Optional.of("20"), IntelBench.seen(restarted));
        assertMissing(Outcome.Cause.NOT_FETCHED, gather(restarted, FakeIntel.TCB), FakeIntel.TCB);
        intel.forward(Duration.ofSeconds(2));
        Bytes twentyOne = intel.serve(intel.first, 21);
        assertInHand(twentyOne, restarted, FakeIntel.TCB);
        assertEquals(Optional.of("21"), IntelBench.seen(restarted));
    }

    @Test
    void writesOneLineForEachSource() throws IOException {
        intel.askBoth();
        intel.serve(intel.second, 19);
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofHours(6));
        intel.serve(intel.first, 20);
        gather(gatherer, FakeIntel.TCB);
        assertEquals(
                List.of(
                        "19 2026-06-01T12:00:00Z " + intel.second.url(),
                        "20 2026-06-01T18:00:00Z " + intel.first.url()),
                Files.readAllLines(file(SEEN)));
    }

    @Test
    void doesNotHoldTheNumberOfOneSourceAgainstAnother() {
        intel.askBoth();
        intel.serve(intel.first, 20);
        Bytes held = IntelBench.found(intel.start(), FakeIntel.TCB);
        var gatherer = intel.start();
        intel.first.goDown();
        // The second has not seen the recovery yet: what is in hand is newer, and stays for its window.
        Bytes nineteen = intel.serve(intel.second, 19, intel.now().plus(Duration.ofDays(20)));
        intel.forward(Duration.ofDays(21));
        assertInHand(held, gatherer, FakeIntel.TCB);
        intel.forward(Duration.ofDays(10));
        assertInHand(nineteen, gatherer, FakeIntel.TCB);
        assertEquals(0, warnings());
        assertEquals(Optional.of("20"), IntelBench.seen(gatherer), "the highest of all sources");
    }

    @Test
    void asksTheNextSourceWhereTheFirstGoesBack() {
        intel.askBoth();
        intel.serve(intel.first, 20);
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB);
        intel.serve(intel.first, 19);
        intel.forward(Duration.ofHours(6));
        Bytes fromSecond = intel.serve(intel.second, 20);
        assertInHand(fromSecond, gatherer, FakeIntel.TCB);
        assertEquals(1, warnings());
    }

    @Test
    void keepsTheChannelsApart() {
        intel.update = IntelPcsConfig.Update.EARLY;
        Bytes early = FakeIntel.tcbInfo(21, intel.now());
        intel.first.serves(FakeIntel.TCB_PATH.replace("standard", "early"), early);
        var following = intel.start();
        assertInHand(early, following, FakeIntel.TCB);
        assertEquals(Optional.of("21"), IntelBench.seen(following));
        intel.update = IntelPcsConfig.Update.STANDARD;
        Bytes standard = intel.serve(intel.first, 20);
        var restarted = intel.start();
        assertEquals(Optional.empty(), IntelBench.seen(restarted));
        assertInHand(standard, restarted, FakeIntel.TCB);
    }

    @Test
    void keepsFamiliesAndTeesApart() {
        intel.serve(intel.first, 20);
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB);
        for (var other : List.of(
                new IntelEndorsementRef.SeenEvaluationNumber(TeeType.SGX, FakeIntel.FMSPC),
                new IntelEndorsementRef.SeenEvaluationNumber(TeeType.TDX, Bytes.fromHex("90c06f000000")))) {
            assertMissing(Outcome.Cause.NOT_IN_HAND, gather(gatherer, other), other);
        }
    }

    @Test
    void remembersTheIdentityOfTheQuotingEnclaveToo() {
        Bytes nineteen = FakeIntel.qeIdentity("TD_QE", 19, intel.now());
        intel.first.serves(FakeIntel.QE_PATH, nineteen);
        var gatherer = intel.start();
        assertInHand(nineteen, gatherer, FakeIntel.QE);
        intel.forward(Duration.ofHours(5));
        intel.first.serves(FakeIntel.QE_PATH, FakeIntel.qeIdentity("TD_QE", 18, intel.now()));
        gatherer.refreshDue();
        assertInHand(nineteen, gatherer, FakeIntel.QE);
        assertEquals(1, warnings());
    }

    @Test
    void takesTcbInfoAndIdentityOfDifferentNumbersTogether() {
        Bytes twenty = intel.serve(intel.first, 20);
        Bytes nineteen = FakeIntel.qeIdentity("TD_QE", 19, intel.now());
        intel.first.serves(FakeIntel.QE_PATH, nineteen);
        var gatherer = intel.start();
        assertInHand(twenty, gatherer, FakeIntel.TCB);
        assertInHand(nineteen, gatherer, FakeIntel.QE);
        assertEquals(0, warnings());
    }

    @Test
    void answersFromMemoryWithoutAskingAnybody() {
        intel.serve(intel.first, 20);
        var gatherer = intel.start();
        assertEquals(Optional.empty(), IntelBench.seen(gatherer));
        assertEquals(0, intel.first.requests());
        gather(gatherer, FakeIntel.TCB);
        assertEquals(Optional.of("20"), IntelBench.seen(gatherer));
        assertEquals(Optional.empty(), IntelBench.seen(gatherer, Occasion.AS_OF));
        assertEquals(1, intel.first.requests());
        assertEquals(1, intel.bench.seen.count("miss intel-tcb-info"));
        assertEquals(0, intel.bench.seen.count("hit intel-tcb-info"));
    }

    @Test
    void isNotRaisedByWhatAnOperatorPutsIntoTheFolder() throws IOException {
        Path put = file("intel/tdx/tcb/50806f000000_standard.json");
        Files.createDirectories(put.resolveSibling(""));
        Bytes early = FakeIntel.tcbInfo(99, intel.now());
        Files.write(put, early.toByteArray());
        intel.bench.offline = true;
        var gatherer = intel.start();
        assertInHand(early, gatherer, FakeIntel.TCB);
        assertEquals(Optional.empty(), IntelBench.seen(gatherer));
        assertFalse(Files.exists(file(SEEN)));
    }

    @Test
    void isNotRaisedByWhatTheCoreWouldRefuse() {
        Bytes forged = intel.serve(intel.first, 1_000_000);
        intel.bench.keepingRule =
                (_, content) -> content.equals(forged) ? Optional.of("its signature is wrong") : Optional.empty();
        var gatherer = intel.start();
        assertInHand(forged, gatherer, FakeIntel.TCB);
        assertEquals(Optional.empty(), IntelBench.seen(gatherer));
        intel.forward(Duration.ofSeconds(2));
        Bytes good = intel.serve(intel.first, 20);
        assertInHand(good, gatherer, FakeIntel.TCB);
        assertEquals(Optional.of("20"), IntelBench.seen(gatherer));
    }

    @Test
    void takesABrokenMemoryForNone() throws IOException {
        Files.createDirectories(file(SEEN).resolveSibling(""));
        Files.writeString(file(SEEN), "lots of nothing\n20 yesterday http://x\n21 - " + intel.first.url() + "\n");
        var gatherer = intel.start();
        assertEquals(Optional.of("21"), IntelBench.seen(gatherer), "what can be read of it counts");
        assertEquals(2, intel.bench.seen.warnings(GatheringWarning.FOLDER_UNREADABLE));
    }

    @Test
    void countsOnlySourcesThatAreStillInUse() {
        intel.serve(intel.first, 20);
        gather(intel.start(), FakeIntel.TCB);
        intel.urls = List.of(intel.second.url());
        assertEquals(Optional.empty(), IntelBench.seen(intel.start()));
    }
}
