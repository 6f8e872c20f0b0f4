package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.Rim;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of NVIDIA's RIM service, and what is made of its answers. */
class NvidiaRimsTest {
    private static final Bytes RIM = FakeNvidia.rim("550.90.07");

    private final NvidiaBench nvidia = new NvidiaBench();

    @AfterEach
    void stop() {
        nvidia.close();
    }

    @Test
    void fetchesARimAndKeepsIt() {
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        Bytes vbios = nvidia.serve(FakeNvidia.VBIOS, FakeNvidia.rim("96.00.6D.00.08"));
        var gatherer = nvidia.start();
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
        assertInHand(vbios, gatherer, FakeNvidia.VBIOS);
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
        assertEquals(List.of(FakeNvidia.DRIVER_PATH, FakeNvidia.VBIOS_PATH), nvidia.rims.asked());
        assertEquals(2, nvidia.bench.seen.count("fetched nvidia-rim"));
    }

    @Test
    void keepsThePathOfAMirrorsAddress() {
        nvidia.rimUrl = Optional.of(URI.create(nvidia.rims.url() + "/nvidia/mirror/"));
        gather(nvidia.start(), FakeNvidia.DRIVER);
        assertEquals(List.of("/nvidia/mirror" + FakeNvidia.DRIVER_PATH), nvidia.rims.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "a..b", "../ids", "a/b", "a\\b", ".hidden", "a b", "a%2fb", "a?b", "a#b", "ä", "a\n"
            })
    void asksNobodyForAnIdThatIsNone(String id) {
        var ref = new Rim(id);
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(nvidia.start(), ref), ref);
        assertEquals(0, nvidia.rims.requests());
    }

    @Test
    void asksForAnIdOf128CharactersAndForNoLongerOne() {
        gather(nvidia.start(), new Rim("A".repeat(128)), new Rim("A".repeat(129)));
        assertEquals(List.of("/v1/rim/" + "A".repeat(128)), nvidia.rims.asked());
    }

    static Stream<String> neverTakesAnAnswerThatIsNotTheRimAskedFor() {
        String good = FakeNvidia.wrapped(FakeNvidia.DRIVER, RIM);
        String base64 = Base64.getEncoder().encodeToString(RIM.toByteArray());
        String digest = RIM.sha256().toString();
        Bytes noRim = Bytes.utf8("<html>please log in</html>");
        return Stream.of(
                "<html>please log in</html>",
                "",
                "{}",
                "[]",
                "null",
                good + "x",
                good + good,
                good.substring(0, good.length() - 1),
                "[".repeat(100_000),
                good.replace("550.90.07", "550.90.08"),
                good.replace("\"id\":\"" + FakeNvidia.DRIVER.id() + "\",", ""),
                good.replace("\"" + FakeNvidia.DRIVER.id() + "\"", "[\"" + FakeNvidia.DRIVER.id() + "\"]"),
                good.replace("\"rim_format\":", "\"id\":"),
                good.replace("\"rim_format\":", "\"rim\":"),
                good.replace("\"rim_format\":", "\"sha256\":"),
                good.replace(digest, digest.substring(2)),
                good.replace(digest, RIM.sha384().toString()),
                good.replace(digest, Bytes.utf8(base64).sha256().toString()),
                good.replace(base64, base64.substring(4)),
                good.replace(base64, base64 + "!"),
                good.replace(base64, " " + base64),
                good.replace("\"rim\":", "\"corim\":"),
                FakeNvidia.wrapped(FakeNvidia.DRIVER, noRim),
                FakeNvidia.wrapped(FakeNvidia.DRIVER, Bytes.utf8("{\"SoftwareIdentity\":1}")),
                FakeNvidia.wrapped(FakeNvidia.DRIVER, Bytes.empty()));
    }

    @ParameterizedTest
    @MethodSource
    void neverTakesAnAnswerThatIsNotTheRimAskedFor(String body) {
        nvidia.rims.serves(FakeNvidia.DRIVER_PATH, Bytes.utf8(body));
        var gatherer = nvidia.start();
        var failed = gather(gatherer, FakeNvidia.DRIVER);
        assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeNvidia.DRIVER);
        assertEquals(Optional.of(Duration.ofSeconds(2)), failed.retryAfter());
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-rim wrong-body"));
        assertEquals(0, nvidia.bench.seen.count("fetched nvidia-rim"));

        nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.forward(Duration.ofSeconds(2));
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
    }

    @Test
    void takesADigestInCapitals() {
        String digest = RIM.sha256().toString();
        nvidia.rims.serves(
                FakeNvidia.DRIVER_PATH,
                Bytes.utf8(
                        FakeNvidia.wrapped(FakeNvidia.DRIVER, RIM).replace(digest, digest.toUpperCase(Locale.ROOT))));
        assertInHand(RIM, nvidia.start(), FakeNvidia.DRIVER);
    }

    @Test
    void takesTheLongestRimAndNoLongerOne() {
        int frame = FakeNvidia.rim("550.90.07", "").length();
        Bytes longest = FakeNvidia.rim("550.90.07", "x".repeat(256 * 1024 - frame));
        nvidia.serve(FakeNvidia.DRIVER, longest);
        assertInHand(longest, nvidia.start(), FakeNvidia.DRIVER);
        nvidia.serve(FakeNvidia.DRIVER, FakeNvidia.rim("550.90.07", "x".repeat(256 * 1024 - frame + 1)));
        String why = assertMissing(
                        Outcome.Cause.NOT_FETCHED, gather(nvidia.start(), FakeNvidia.DRIVER), FakeNvidia.DRIVER)
                .why();
        assertTrue(why.contains("262145"), why);
    }

    @Test
    void readsNoMoreThanABoundedBody() {
        nvidia.rims.serves(FakeNvidia.DRIVER_PATH, Bytes.zeros(1024 * 1024));
        String why = assertMissing(
                        Outcome.Cause.NOT_FETCHED, gather(nvidia.start(), FakeNvidia.DRIVER), FakeNvidia.DRIVER)
                .why();
        assertTrue(why.contains("sent more than"), why);
    }

    @Test
    void handsOverTheRimOfAnotherVersionToBeJudgedButDoesNotKeepIt() {
        Bytes other = nvidia.serve(FakeNvidia.DRIVER, FakeNvidia.rim("550.90.08"));
        var gatherer = nvidia.start();
        assertInHand(other, gatherer, FakeNvidia.DRIVER);
        assertEquals(1, nvidia.bench.seen.warnings(GatheringWarning.MISFIT));
        Bytes right = nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.forward(Duration.ofSeconds(2));
        assertInHand(right, gatherer, FakeNvidia.DRIVER);
    }

    @Test
    void doesNotKeepWhatTheCoreObjectsTo() {
        Bytes forged = nvidia.serve(FakeNvidia.DRIVER, FakeNvidia.rim("550.90.07", "forged"));
        nvidia.bench.keepingRule =
                (_, content) -> content.equals(forged) ? Optional.of("its signature is wrong") : Optional.empty();
        var gatherer = nvidia.start();
        assertInHand(forged, gatherer, FakeNvidia.DRIVER);
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.forward(Duration.ofSeconds(2));
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
    }

    @Test
    void believesForAWhileThatThereIsNoSuchRim() {
        var gatherer = nvidia.start();
        var none = gather(gatherer, FakeNvidia.DRIVER);
        String why = assertMissing(Outcome.Cause.NOT_IN_HAND, none, FakeNvidia.DRIVER)
                .why();
        assertEquals("NVIDIA's RIM service at 127.0.0.1 answered 404: it has none", why);
        assertEquals(Optional.empty(), none.retryAfter());
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.forward(Duration.ofMinutes(4));
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(gatherer, FakeNvidia.DRIVER), FakeNvidia.DRIVER);
        assertEquals(1, nvidia.rims.requests());
        nvidia.forward(Duration.ofMinutes(1));
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void saysWhichKeyToSetWhenTheServiceWantsOne(int status) {
        nvidia.rims.repliesOtherwise(FakeVendor.status(status));
        String why = assertMissing(
                        Outcome.Cause.NOT_FETCHED, gather(nvidia.start(), FakeNvidia.DRIVER), FakeNvidia.DRIVER)
                .why();
        assertTrue(why.contains(" answered " + status), why);
        assertTrue(why.contains("countersign.collateral.nvidia-api-key"), why);
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-rim unexpected-status"));
    }

    @Test
    void showsTheKeyToTheRimServiceAndToNobodyElse() {
        nvidia.key = Optional.of(new BearerKey("nvapi-0123_abc\n"));
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.answers(nvidia.good());
        try (var elsewhere = new FakeVendor()) {
            nvidia.rims.replies(
                    FakeNvidia.VBIOS_PATH, FakeVendor.status(307, "Location", elsewhere.url() + "/v1/rim/x"));
            var gatherer = nvidia.start();
            gather(gatherer, FakeNvidia.DRIVER, FakeNvidia.FAMILY, FakeAmd.milan());
            assertMissing(Outcome.Cause.NOT_FETCHED, gather(gatherer, FakeNvidia.VBIOS), FakeNvidia.VBIOS);
            assertEquals(0, elsewhere.requests());
        }
        assertEquals(
                List.of(List.of("Bearer nvapi-0123_abc"), List.of("Bearer nvapi-0123_abc")),
                nvidia.rims.questions().stream()
                        .map(asked -> asked.headers().get("Authorization"))
                        .toList());
        var others = Stream.concat(nvidia.ocsp.questions().stream(), nvidia.bench.kds.questions().stream())
                .toList();
        assertEquals(2, others.size());
        assertTrue(others.stream().noneMatch(asked -> asked.headers().containsKey("Authorization")));
    }

    @Test
    void sendsNoKeyWhereNoneIsSet() {
        gather(nvidia.start(), FakeNvidia.DRIVER);
        assertFalse(nvidia.rims.questions().getFirst().headers().containsKey("Authorization"));
    }

    @Test
    void writesTheKeyIntoNoText() {
        var key = new BearerKey("nvapi-0123");
        nvidia.key = Optional.of(key);
        nvidia.start();
        assertFalse(nvidia.bench.config().toString().contains("nvapi"), "the settings show it");
        assertFalse(key.toString().contains("nvapi"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "a\r\nHost: b", "\"quoted\"", "schlüssel"})
    void refusesAKeyThatIsNoneWithoutRepeatingIt(String key) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> new BearerKey(key));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith("countersign.collateral.nvidia-api-key"), message);
        assertFalse(message.contains("quoted") || message.contains("words"), message);
    }

    @Test
    void refusesToSendAKeyThroughANetworkInTheClear() {
        nvidia.key = Optional.of(new BearerKey("nvapi-0123"));
        nvidia.rimUrl = Optional.of(URI.create("http://mirror.example/rims"));
        var refusal = assertThrows(IllegalArgumentException.class, nvidia::start);
        assertTrue(String.valueOf(refusal.getMessage()).contains("https"));
        nvidia.rimUrl = Optional.of(URI.create("https://mirror.example/rims"));
        nvidia.start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://rims.example", "https://rims.example/?a=b", "https://me@rims.example", "rims.example"})
    void refusesAnAddressThatIsNotABareHttpOne(String url) {
        nvidia.rimUrl = Optional.of(URI.create(url));
        var refusal = assertThrows(IllegalArgumentException.class, nvidia::start);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("countersign.collateral.nvidia-rim-url"));
    }

    static Stream<Map.Entry<Integer, String>> leavesTheServiceAloneForAsLongAsItAsks() {
        return Stream.of(Map.entry(429, "45"), Map.entry(503, "45"));
    }

    @ParameterizedTest
    @MethodSource
    void leavesTheServiceAloneForAsLongAsItAsks(Map.Entry<Integer, String> answer) {
        nvidia.rims.repliesOtherwise(FakeVendor.status(answer.getKey(), "Retry-After", answer.getValue()));
        nvidia.answers(nvidia.good());
        var gatherer = nvidia.start();
        var refused = gather(gatherer, FakeNvidia.DRIVER);
        assertMissing(Outcome.Cause.NOT_FETCHED, refused, FakeNvidia.DRIVER);
        assertEquals(Optional.of(Duration.ofSeconds(45)), refused.retryAfter());
        gather(gatherer, FakeNvidia.VBIOS);
        assertEquals(1, nvidia.rims.requests());
        Bench.inHand(gather(gatherer, FakeNvidia.FAMILY), FakeNvidia.FAMILY);

        nvidia.serve(FakeNvidia.DRIVER, RIM);
        nvidia.forward(Duration.ofSeconds(45));
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
    }

    @Test
    void keepsOneStrangeAnswerApartFromOtherRims() {
        nvidia.rims.replies(FakeNvidia.VBIOS_PATH, FakeVendor.status(503));
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        var gatherer = nvidia.start();
        var failed = gather(gatherer, FakeNvidia.VBIOS);
        assertEquals(
                "NVIDIA's RIM service at 127.0.0.1 answered 503",
                assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeNvidia.VBIOS)
                        .why());
        assertEquals(Optional.of(Duration.ofSeconds(2)), failed.retryAfter());
        assertInHand(RIM, gatherer, FakeNvidia.DRIVER);
    }

    @Test
    void givesUpOnABodyThatDrips() {
        nvidia.bench.requestTimeout = Duration.ofMillis(200);
        nvidia.rims.repliesOtherwise(new FakeVendor.Reply.Dripping());
        assertEquals(
                "NVIDIA's RIM service at 127.0.0.1 did not answer in time",
                assertMissing(Outcome.Cause.NOT_FETCHED, gather(nvidia.start(), FakeNvidia.DRIVER), FakeNvidia.DRIVER)
                        .why());
    }

    @Test
    void takesARimThatWasSignedAnewInThePlaceOfTheOldOne() {
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.DRIVER);
        nvidia.forward(Duration.ofHours(17));
        gatherer.refreshDue();
        assertEquals(1, nvidia.rims.requests());
        Bytes anew = nvidia.serve(FakeNvidia.DRIVER, FakeNvidia.rim("550.90.07", "signed anew"));
        nvidia.forward(Duration.ofHours(1));
        gatherer.refreshDue();
        assertEquals(2, nvidia.rims.requests());
        assertInHand(anew, gatherer, FakeNvidia.DRIVER);
        assertEquals(2, nvidia.rims.requests());
    }

    @Test
    void servesTheOldRimWhileTheServiceIsDown() {
        nvidia.serve(FakeNvidia.DRIVER, RIM);
        var gatherer = nvidia.start();
        gather(gatherer, FakeNvidia.DRIVER);
        nvidia.rims.goDown();
        nvidia.forward(Duration.ofDays(9));
        gatherer.refreshDue();
        var found = gather(gatherer, FakeNvidia.DRIVER);
        assertEquals(RIM, Bench.inHand(found, FakeNvidia.DRIVER).content());
        assertEquals(Optional.empty(), found.retryAfter());
        assertEquals(1, nvidia.bench.seen.count("failed nvidia-rim unreachable"));
    }

    @Test
    void readsGenuineRimsUnderTheirIds() throws IOException {
        Path folder = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"))
                .resolve("nvidia-gpu");
        assumeTrue(
                Files.isDirectory(folder), "no captures at " + folder + ": set -Dcountersign.evidence to their folder");
        for (var each : Map.of(
                        FakeNvidia.VBIOS.id(),
                        "g520_0202_885_96006D0008_PROD.swidtag",
                        "NV_GPU_DRIVER_GH100_550.144.03",
                        "NV_GPU_DRIVER_GH100_550.144.03.xml",
                        "NV_SWITCH_BIOS_5612_0002_890_9610550001",
                        "switchVBIOSRim_NV_SWITCH_BIOS_5612_0002_890_9610550001.xml")
                .entrySet()) {
            Bytes content = Bytes.copyOf(Files.readAllBytes(folder.resolve(each.getValue())));
            assertInstanceOf(Reading.Fits.class, NvidiaReadings.read(new Rim(each.getKey()), content));
            assertInstanceOf(Reading.Misfit.class, NvidiaReadings.read(FakeNvidia.DRIVER, content));
        }
    }
}
