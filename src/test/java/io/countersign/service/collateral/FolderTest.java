package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.SnpTcb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    private static final String MILAN = "amd/vcek/" + FakeAmd.CHIP + "/";

    private final Bench bench = new Bench();

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void keep() {
        bench.dataDir = Optional.of(dir);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Path file(String name) {
        return dir.resolve("endorsements").resolve(name);
    }

    private void put(String name, Bytes content) throws IOException {
        Path file = file(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, content.toByteArray());
        Files.setLastModifiedTime(file, FileTime.from(bench.clock.instant()));
    }

    private Bytes freshVcek(AmdEndorsementRef.Vcek ref) {
        return FakeAmd.vcek(ref, bench.clock.instant(), Bench.SEVEN_YEARS);
    }

    @Test
    void hasAfterARestartWhatWasFetchedBefore() {
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        Bytes crl = bench.serveCrl(1);
        gather(bench.start(), FakeAmd.milan(), FakeAmd.crl());
        assertEquals(2, bench.kds.requests());
        bench.kds.goDown();
        var restarted = bench.start();
        assertInHand(vcek, restarted, FakeAmd.milan());
        assertInHand(crl, restarted, FakeAmd.crl());
    }

    @Test
    void writesFilesUnderTheNamesThatTrusteeUses() throws IOException {
        Bytes milan = bench.serveVcek(FakeAmd.milan());
        Bytes turin = bench.serveVcek(FakeAmd.turin());
        Bytes crl = bench.serveCrl(1);
        gather(bench.start(), FakeAmd.milan(), FakeAmd.turin(), FakeAmd.crl());
        assertEquals(milan, read(MILAN + "bl04_tee00_snp24_ucode219_vcek.der"));
        assertEquals(turin, read("amd/vcek/59790fb1c39f35c1/bl01_tee01_snp04_ucode81_fmc01_vcek.der"));
        assertEquals(crl, read("amd/crl/Milan_vcek.crl"));
    }

    private Bytes read(String name) throws IOException {
        return Bytes.copyOf(Files.readAllBytes(file(name)));
    }

    @Test
    void writesFilesThatNobodyElseMayReadAndLeavesNoHalves() throws IOException {
        bench.serveCrl(1);
        gather(bench.start(), FakeAmd.crl());
        Path crl = file("amd/crl/Milan_vcek.crl");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(crl)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(crl.resolveSibling(""))));
        try (var all = Files.list(crl.resolveSibling(""))) {
            assertEquals(1, all.count());
        }
    }

    @Test
    void takesABrokenFileForAbsentAndReplacesIt() throws IOException {
        String name = MILAN + "bl04_tee00_snp24_ucode219_vcek.der";
        put(name, Bytes.utf8("not a certificate"));
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        assertInHand(vcek, bench.start(), FakeAmd.milan());
        assertEquals(vcek, read(name));
        assertEquals(1, bench.seen.warnings(GatheringWarning.FOLDER_UNREADABLE));
    }

    @Test
    void takesAnOverlongFileAndADirectoryForAbsent() throws IOException {
        put("amd/crl/Milan_vcek.crl", Bytes.zeros(64 * 1024 + 1));
        Files.createDirectories(file(MILAN + "vcek.der"));
        bench.offline = true;
        var found = gather(bench.start(), FakeAmd.crl(), FakeAmd.milan());
        assertMissing(Outcome.Cause.NOT_IN_HAND, found, FakeAmd.crl());
        assertMissing(Outcome.Cause.NOT_IN_HAND, found, FakeAmd.milan());
    }

    @Test
    void worksWithAFolderThatCannotBeWritten() throws IOException {
        Files.write(dir.resolve("endorsements"), new byte[] {1});
        Bytes vcek = bench.serveVcek(FakeAmd.milan());
        var gatherer = bench.start();
        assertInHand(vcek, gatherer, FakeAmd.milan());
        assertInHand(vcek, gatherer, FakeAmd.milan());
        assertEquals(1, bench.seen.warnings(GatheringWarning.FOLDER_UNWRITABLE));
    }

    @Test
    void stopsWritingMachinesWhenTheFolderHoldsEnoughOfThem() {
        bench.storedChips = 1;
        bench.serveVcek(FakeAmd.milan(1));
        Bytes second = bench.serveVcek(FakeAmd.milan(2));
        bench.serveCrl(1);
        var gatherer = bench.start();
        gather(gatherer, FakeAmd.milan(1));
        assertInHand(second, gatherer, FakeAmd.milan(2));
        gather(gatherer, FakeAmd.crl());
        assertEquals(1, bench.seen.warnings(GatheringWarning.FOLDER_FULL));
        assertFalse(Files.exists(file("amd/vcek/" + FakeAmd.milan(2).hardwareId())));
        assertTrue(Files.exists(file("amd/crl/Milan_vcek.crl")));
    }

    @Test
    void prefersAFileToAFetch() throws IOException {
        Bytes vcek = freshVcek(FakeAmd.milan());
        put(MILAN + "vcek.der", vcek);
        assertInHand(vcek, bench.start(), FakeAmd.milan());
        assertEquals(0, bench.kds.requests());
    }

    @Test
    void doesNotTakeTheCertificateOfAnEarlierTcbFromAFileThatNamesNone() throws IOException {
        var earlier = new AmdEndorsementRef.Vcek(
                FakeAmd.milan().product(), FakeAmd.CHIP, new SnpTcb.Classic(3, 0, 8, 115, Bytes.zeros(4)));
        put(MILAN + "vcek.der", freshVcek(earlier));
        Bytes current = bench.serveVcek(FakeAmd.milan());
        assertInHand(current, bench.start(), FakeAmd.milan());
    }

    @Test
    void opensNoConnectionOffline() throws IOException {
        bench.offline = true;
        bench.serveVcek(FakeAmd.milan());
        bench.serveCrl(1);
        put("amd/crl/Milan_vcek.crl", FakeAmd.crl(1, bench.clock.instant(), Duration.ofHours(1)));
        var gatherer = bench.start();
        var found = gather(gatherer, FakeAmd.milan());
        assertMissing(Outcome.Cause.NOT_IN_HAND, found, FakeAmd.milan());
        assertEquals(Optional.empty(), found.retryAfter());
        bench.clock.forward(Duration.ofDays(3));
        gather(gatherer, FakeAmd.crl());
        gatherer.refreshDue();
        gatherer.awaitLanding();
        assertEquals(0, bench.kds.requests());
    }

    @Test
    void readsOfflineWhatIsPutIntoTheFolderWhileItRuns() throws IOException {
        bench.offline = true;
        var gatherer = bench.start();
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(gatherer, FakeAmd.milan()), FakeAmd.milan());
        Bytes vcek = freshVcek(FakeAmd.milan());
        put(MILAN + "vcek.der", vcek);
        assertInHand(vcek, gatherer, FakeAmd.milan());

        Bytes one = FakeAmd.crl(1, bench.clock.instant(), Duration.ofDays(1));
        Bytes two = FakeAmd.crl(2, bench.clock.instant(), Duration.ofDays(2));
        put("amd/crl/Milan_vcek.crl", one);
        assertInHand(one, gatherer, FakeAmd.crl());
        put("amd/crl/Milan_vcek.crl", two);
        assertInHand(two, gatherer, FakeAmd.crl());
        put("amd/crl/Milan_vcek.crl", one);
        assertInHand(two, gatherer, FakeAmd.crl());

        Files.delete(file("amd/crl/Milan_vcek.crl"));
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(gatherer, FakeAmd.crl()), FakeAmd.crl());
    }

    @Test
    void handsOverOfflineAFileThatIsNotWhatItsNameSaysToBeJudged() throws IOException {
        bench.offline = true;
        Bytes other = freshVcek(FakeAmd.milan(9));
        put(MILAN + "bl04_tee00_snp24_ucode219_vcek.der", other);
        assertInHand(other, bench.start(), FakeAmd.milan());
    }

    @Test
    void worksOfflineWithoutAnyFolder() {
        bench.offline = true;
        bench.dataDir = Optional.empty();
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(bench.start(), FakeAmd.crl()), FakeAmd.crl());
    }
}
