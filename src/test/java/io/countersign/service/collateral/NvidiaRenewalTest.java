package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static io.countersign.service.collateral.Bench.inHand;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.trust.EndorsementRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long NVIDIA's endorsements stay in hand, in memory and in the folder, and who may make the service ask for them. */
class NvidiaRenewalTest {
    private static final Bytes RIM = FakeNvidia.rim("550.90.07");
    private static final String DRIVER = "nvidia/rims/NV_GPU_DRIVER_GH100_550.90.07.xml";
    private static final String VBIOS = "nvidia/rims/NV_GPU_VBIOS_G520_0202_885_96006D0008.xml";

    private final NvidiaBench nvidia = new NvidiaBench();

    @TempDir
    private Path dir = Path.of("");

    @AfterEach
    void stop() {
        nvidia.close();
    }

    private static Bytes answer(EndorsementGatherer gatherer, EndorsementRef ref) {
        return inHand(gather(gatherer, ref), ref).content();
    }

    private static EndorsementRef[] devices(int from, int to) {
        return IntStream.range(from, to).mapToObj(FakeNvidia::device).toArray(EndorsementRef[]::new);
    }

    private Path file(String name) {
        return dir.resolve("endorsements").resolve(name);
    }

    private void put(String name, Bytes content) throws IOException {
        Files.createDirectories(file(name).resolveSibling(""));
        Files.write(file(name), content.toByteArray());
        Files.setLastModifiedTime(file(name), FileTime.from(nvidia.now()));
    }

    private static String ocspFile(String scope, OcspAnswer ref) {
        Bytes name = Bytes.concat(
                        ref.issuerNameHash(),
                        ref.issuerKeyHash(),
                        Bytes.copyOf(ref.serial().toByteArray()))
                .sha256();
        return "nvidia/ocsp/%s/%s.der".formatted(scope, name);
    }

    @Test
    void renewsWhatDevicesShareBeforeItIsTooOldWithoutMakingAnyoneWait() {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        Bytes first = answer(gatherer, FakeNvidia.FAMILY);
        nvidia.forward(Duration.ofMinutes(44));
        gatherer.refreshDue();
        assertEquals(1, nvidia.ocsp.requests());
        nvidia.forward(Duration.ofMinutes(1));
        gatherer.refreshDue();
        assertEquals(2, nvidia.ocsp.requests());
        nvidia.forward(Duration.ofMinutes(30));
        assertNotEquals(first, answer(gatherer, FakeNvidia.FAMILY));
        assertEquals(2, nvidia.ocsp.requests(), "no request needs to ask");
    }

    @Test
    void renewsTheAnswerAboutADeviceInTheBackgroundWhenItIsAskedForInItsLastQuarter() {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        var device = FakeNvidia.device(1);
        Bytes first = answer(gatherer, device);
        nvidia.forward(Duration.ofMinutes(50));
        nvidia.ocsp.closeGate("/");
        assertEquals(first, answer(gatherer, device));
        nvidia.ocsp.openGate();
        gatherer.awaitLanding();
        assertNotEquals(first, answer(gatherer, device));
        assertEquals(2, nvidia.ocsp.requests());
    }

    @Test
    void asksAnewForAnAnswerThatIsTooOldOrHasEnded() {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        Bytes first = answer(gatherer, FakeNvidia.device(1));
        nvidia.forward(Duration.ofHours(1));
        Bytes second = answer(gatherer, FakeNvidia.device(1));
        assertNotEquals(first, second);

        nvidia.answers(nvidia.good().until(Optional.of(nvidia.now().plus(Duration.ofMinutes(10)))));
        nvidia.forward(Duration.ofHours(1));
        nvidia.answers(nvidia.good().until(Optional.of(nvidia.now().plus(Duration.ofMinutes(10)))));
        Bytes shortLived = answer(gatherer, FakeNvidia.device(1));
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofMinutes(10));
        assertNotEquals(shortLived, answer(gatherer, FakeNvidia.device(1)));
    }

    static Stream<EndorsementRef> servesTheCopyWhileTheResponderIsDownAndSaysOnceItHasEndedThatAskingAgainMayHelp() {
        return Stream.of(FakeNvidia.FAMILY, FakeNvidia.device(1));
    }

    @ParameterizedTest
    @MethodSource
    void servesTheCopyWhileTheResponderIsDownAndSaysOnceItHasEndedThatAskingAgainMayHelp(EndorsementRef ref) {
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        Bytes copy = answer(gatherer, ref);
        nvidia.ocsp.goDown();
        nvidia.forward(Duration.ofHours(2));
        var within = gather(gatherer, ref);
        assertEquals(copy, inHand(within, ref).content());
        assertEquals(Optional.empty(), within.retryAfter());
        assertEquals(copy, answer(gatherer, ref));
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-ocsp unreachable"), "known to be down, so not tried");

        nvidia.forward(FakeNvidia.LIFE);
        var over = gather(gatherer, ref);
        assertEquals(Outcome.Cause.NOT_FETCHED, inHand(over, ref).causeWhenOver());
        assertEquals(Optional.of(Duration.ofSeconds(4)), over.retryAfter());

        nvidia.ocsp.comeBack();
        nvidia.answers(nvidia.good());
        nvidia.forward(Duration.ofSeconds(4));
        assertNotEquals(copy, answer(gatherer, ref));
    }

    @Test
    void countsAnAnswerWithoutANextUpdateForAnHour() {
        nvidia.answers(nvidia.good().until(Optional.empty()));
        var gatherer = nvidia.start();
        answer(gatherer, FakeNvidia.FAMILY);
        nvidia.ocsp.goDown();
        nvidia.forward(Duration.ofMinutes(59));
        assertEquals(Optional.empty(), gather(gatherer, FakeNvidia.FAMILY).retryAfter());
        gatherer.awaitLanding();
        nvidia.forward(Duration.ofMinutes(1));
        assertEquals(
                Optional.of(Duration.ofSeconds(4)),
                gather(gatherer, FakeNvidia.FAMILY).retryAfter());
    }

    @Test
    void hasAfterARestartWhatWasFetchedBefore() {
        nvidia.bench.dataDir = Optional.of(dir);
        nvidia.answers(nvidia.good());
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.DRIVER);
        Bytes family = answer(gatherer, FakeNvidia.FAMILY);
        Bytes device = answer(gatherer, FakeNvidia.device(1));
        nvidia.ocsp.goDown();
        nvidia.rims.goDown();
        var restarted = nvidia.start();
        assertInHand(RIM, restarted, FakeNvidia.DRIVER);
        assertInHand(family, restarted, FakeNvidia.FAMILY);
        assertInHand(device, restarted, FakeNvidia.device(1));
    }

    @Test
    void writesFilesUnderTheNamesThatTheDocumentationGives() throws IOException {
        nvidia.bench.dataDir = Optional.of(dir);
        nvidia.answers(nvidia.good());
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        Bytes vbios = nvidia.serve(FakeNvidia.VBIOS, FakeNvidia.rim("96.00.6D.00.08"));
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.DRIVER, FakeNvidia.VBIOS);
        Bytes family = answer(gatherer, FakeNvidia.FAMILY);
        Bytes device = answer(gatherer, FakeNvidia.device(1));
        assertEquals(RIM, Bytes.copyOf(Files.readAllBytes(file(DRIVER))));
        assertEquals(vbios, Bytes.copyOf(Files.readAllBytes(file(VBIOS))));
        assertEquals(family, Bytes.copyOf(Files.readAllBytes(file(ocspFile("shared", FakeNvidia.FAMILY)))));
        assertEquals(device, Bytes.copyOf(Files.readAllBytes(file(ocspFile("device", FakeNvidia.device(1))))));
    }

    @Test
    void readsOfflineWhatAnOperatorPutThere() throws IOException {
        nvidia.bench.dataDir = Optional.of(dir);
        nvidia.bench.offline = true;
        nvidia.answers(nvidia.good());
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        var gatherer = nvidia.start();
        for (EndorsementRef ref :
                new EndorsementRef[] {FakeNvidia.DRIVER, FakeNvidia.VBIOS, FakeNvidia.FAMILY, FakeNvidia.device(1)}) {
            var missing = gather(gatherer, ref);
            assertMissing(Outcome.Cause.NOT_IN_HAND, missing, ref);
            assertEquals(Optional.empty(), missing.retryAfter());
        }
        put(DRIVER, RIM);
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
        Bytes vbios = FakeNvidia.rim("96.00.6D.00.08");
        put("nvidia/rims/g520_0202_885_96006D0008_PROD.swidtag", vbios);
        assertInHand(vbios, gatherer, FakeNvidia.VBIOS);
        Bytes resigned = FakeNvidia.rim("96.00.6D.00.08", "signed anew");
        put(VBIOS, resigned);
        assertInHand(resigned, gatherer, FakeNvidia.VBIOS);
        Bytes family = FakeNvidia.answer(FakeNvidia.FAMILY, nvidia.good());
        put(ocspFile("shared", FakeNvidia.FAMILY), family);
        assertInHand(family, gatherer, FakeNvidia.FAMILY);
        assertEquals(0, nvidia.rims.requests() + nvidia.ocsp.requests());
    }

    @Test
    void handsOverOfflineAFileThatIsNotWhatItsNameSaysToBeJudged() throws IOException {
        nvidia.bench.dataDir = Optional.of(dir);
        nvidia.bench.offline = true;
        Bytes other = FakeNvidia.rim("550.90.08");
        put(DRIVER, other);
        assertInHand(other, nvidia.start(), FakeNvidia.DRIVER);
    }

    @Test
    void takesABrokenFileForAbsentAndReplacesIt() throws IOException {
        nvidia.bench.dataDir = Optional.of(dir);
        put(DRIVER, Bytes.utf8("not a RIM"));
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        assertInHand(RIM, nvidia.start(), FakeNvidia.DRIVER);
        assertEquals(1, nvidia.bench.seen.warnings(GatheringWarning.FOLDER_UNREADABLE));
        assertEquals(RIM, Bytes.copyOf(Files.readAllBytes(file(DRIVER))));
    }

    @Test
    void countsAFileByItsAge() throws IOException {
        nvidia.bench.dataDir = Optional.of(dir);
        put(DRIVER, FakeNvidia.rim("550.90.07", "old"));
        nvidia.forward(Duration.ofHours(24));
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        assertInHand(RIM, nvidia.start(), FakeNvidia.DRIVER);
    }

    @Test
    void makesAClientPayForDevicesEightTimesAsCheaplyAsForChips() {
        nvidia.bench.budget = new CollateralConfig.Budget(2, Duration.ofMinutes(10));
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        var found = gather(gatherer, devices(0, 17));
        assertEquals(16, nvidia.ocsp.requests());
        assertEquals(1, nvidia.bench.seen.count("throttled nvidia-ocsp"));
        assertEquals(Optional.of(Duration.ofMillis(37_500)), found.retryAfter());

        gather(gatherer, FakeNvidia.FAMILY);
        assertEquals(17, nvidia.ocsp.requests(), "what devices share costs nothing");
        nvidia.forward(Duration.ofMillis(37_500));
        gather(gatherer, devices(0, 17));
        assertEquals(18, nvidia.ocsp.requests());
    }

    @Test
    void doesNotMakeDevicesPayForMadeUpChipsOfAnotherVendor() {
        nvidia.bench.budget = new CollateralConfig.Budget(1, Duration.ofMinutes(10));
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        gather(gatherer, FakeAmd.milan(1));
        gather(gatherer, FakeAmd.milan(2));
        assertEquals(1, nvidia.bench.seen.count("throttled amd-vcek"));
        answer(gatherer, FakeNvidia.device(1));
    }

    @Test
    void renewsKnownDevicesWithoutACost() {
        nvidia.bench.budget = new CollateralConfig.Budget(1, Duration.ofDays(10));
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        gather(gatherer, devices(0, 8));
        nvidia.forward(Duration.ofHours(2));
        var again = gather(gatherer, devices(0, 8));
        assertEquals(Optional.empty(), again.retryAfter());
        assertEquals(16, nvidia.ocsp.requests());
    }

    @Test
    void keepsFilesOfDevicesFromFillingTheDirectoryOfWhatTheyShare() {
        nvidia.bench.dataDir = Optional.of(dir);
        nvidia.bench.storedChips = 1;
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.device(1));
        gather(gatherer, FakeNvidia.device(2));
        gather(gatherer, FakeNvidia.FAMILY);
        assertEquals(1, nvidia.bench.seen.warnings(GatheringWarning.FOLDER_FULL));
        assertTrue(Files.exists(file(ocspFile("shared", FakeNvidia.FAMILY))));
        assertFalse(Files.exists(file(ocspFile("device", FakeNvidia.device(2)))));
    }
}
