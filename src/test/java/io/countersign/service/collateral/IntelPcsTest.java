package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
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

/** What is asked of Intel's service or a PCCS, and what is made of its answers. */
class IntelPcsTest {
    private final IntelBench intel = new IntelBench();

    @AfterEach
    void stop() {
        intel.close();
    }

    static Stream<List<Object>> asksForExactlyThePathsThatThePcsHas() {
        return Stream.of(
                List.of(FakeIntel.TCB, FakeIntel.TCB_PATH),
                List.of(
                        new IntelEndorsementRef.TcbInfo(TeeType.SGX, FakeIntel.FMSPC),
                        "/sgx/certification/v4/tcb?fmspc=50806f000000&update=standard"),
                List.of(FakeIntel.QE, FakeIntel.QE_PATH),
                List.of(
                        new IntelEndorsementRef.QeIdentity(TeeType.SGX),
                        "/sgx/certification/v4/qe/identity?update=standard"),
                List.of(FakeIntel.PCK_CRL, FakeIntel.PCK_CRL_PATH),
                List.of(
                        new IntelEndorsementRef.PckCrl(PckCa.PROCESSOR),
                        "/sgx/certification/v4/pckcrl?ca=processor&encoding=der"),
                List.of(FakeIntel.ROOT_CRL, FakeIntel.ROOT_CRL_PATH));
    }

    @ParameterizedTest
    @MethodSource
    void asksForExactlyThePathsThatThePcsHas(List<Object> refAndPath) {
        gather(intel.start(), (IntelEndorsementRef) refAndPath.getFirst());
        assertEquals(List.of(refAndPath.getLast()), intel.first.asked());
    }

    @Test
    void asksForTheEarlyChannelWhereConfigurationSaysSo() {
        intel.update = IntelPcsConfig.Update.EARLY;
        gather(intel.start(), FakeIntel.TCB);
        gather(intel.start(), FakeIntel.QE);
        assertEquals(
                List.of(
                        "/tdx/certification/v4/tcb?fmspc=50806f000000&update=early",
                        "/tdx/certification/v4/qe/identity?update=early"),
                intel.first.asked());
    }

    @Test
    void asksIntelForTheRootsListWhereIntelHasIt() {
        var source = new IntelPcs(CollateralConfig.defaults(Optional.empty()), intel.bench.clock);
        URI origin = URI.create("https://certificates.trustedservices.intel.com");
        assertEquals(List.of(origin), source.origins(FakeIntel.ROOT_CRL));
        assertEquals(URI.create(origin + "/IntelSGXRootCA.der"), source.address(FakeIntel.ROOT_CRL, origin));
        assertEquals(List.of(IntelPcsConfig.INTEL_PCS), source.origins(FakeIntel.PCK_CRL));
        source.close();
    }

    @Test
    void asksForTheRootsListWhereConfigurationSaysItIs() {
        intel.rootCrlUrl = Optional.of(URI.create(intel.second.url() + "/sgx/crl?uri=root"));
        gather(intel.start(), FakeIntel.ROOT_CRL);
        assertEquals(List.of(), intel.first.asked());
        assertEquals(List.of("/sgx/crl?uri=root"), intel.second.asked());
    }

    @Test
    void keepsThePathOfAPccsBehindAPrefix() {
        intel.urls = List.of(URI.create(intel.first.url() + "/pccs/"));
        gather(intel.start(), FakeIntel.QE);
        assertEquals(List.of("/pccs" + FakeIntel.QE_PATH), intel.first.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://pccs.example", "https://pccs.example/?a=b", "https://me@pccs.example", "pccs.example"})
    void refusesAnAddressThatIsNotABareHttpOne(String url) {
        intel.urls = List.of(URI.create(url));
        var refusal = assertThrows(IllegalArgumentException.class, intel::start);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("countersign.collateral.intel-pcs-url"));
    }

    @Test
    void asksNobodyForAnFmspcOfAnotherLength() {
        var ref = new IntelEndorsementRef.TcbInfo(TeeType.TDX, Bytes.zeros(5));
        assertMissing(Outcome.Cause.NOT_IN_HAND, gather(intel.start(), ref), ref);
        assertEquals(0, intel.first.requests());
    }

    /** The server writes header names with small letters after the first, as no document does. */
    @ParameterizedTest
    @ValueSource(strings = {"TCB-Info-Issuer-Chain", "SGX-TCB-Info-Issuer-Chain", "tcb-info-issuer-chain"})
    void putsTheChainOfTheHeaderBeforeTheBody(String header) {
        Bytes body = FakeIntel.tcbInfo(20, intel.now());
        intel.first.replies(
                FakeIntel.TCB_PATH,
                new FakeVendor.Reply.Plain(200, Map.of(header, FakeIntel.encoded(FakeIntel.CHAIN)), body));
        assertInHand(FakeIntel.chainAnd(body), intel.start(), FakeIntel.TCB);
    }

    @Test
    void leavesPlusSignsInAChainAloneWhetherTheyAreEncodedOrNot() {
        Bytes body = FakeIntel.qeIdentity("TD_QE", 19, intel.now());
        assertTrue(FakeIntel.CHAIN.contains("+"));
        intel.first.replies(
                FakeIntel.QE_PATH,
                new FakeVendor.Reply.Plain(
                        200,
                        Map.of(
                                "SGX-Enclave-Identity-Issuer-Chain",
                                FakeIntel.encoded(FakeIntel.CHAIN).replace("%2B", "+")),
                        body));
        assertInHand(FakeIntel.chainAnd(body), intel.start(), FakeIntel.QE);
    }

    @Test
    void takesABodyWithoutAChain() {
        assertInHand(intel.serve(intel.first, 20), intel.start(), FakeIntel.TCB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2", "%zz", "hello", "-----BEGIN%20CERTIFICATE-----%7B%7D-----END%20CERTIFICATE-----"})
    void doesNotTakeAChainThatIsNone(String header) {
        intel.first.replies(
                FakeIntel.TCB_PATH,
                new FakeVendor.Reply.Plain(
                        200, Map.of("TCB-Info-Issuer-Chain", header), FakeIntel.tcbInfo(20, intel.now())));
        var failed = gather(intel.start(), FakeIntel.TCB);
        assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeIntel.TCB);
        assertEquals(1, intel.bench.seen.count("failed intel-tcb-info wrong-body"));
    }

    @Test
    void readsRevocationListsInDerInHexAndInPem() {
        Bytes der = FakeIntel.pckCrl(intel.now());
        String pem = "-----BEGIN X509 CRL-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
                + "\n-----END X509 CRL-----\n";
        for (Bytes form : List.of(
                der,
                Bytes.utf8(der.toString()),
                Bytes.utf8(der.toString().toUpperCase(Locale.ROOT) + "\n"),
                Bytes.utf8(pem))) {
            intel.first.serves(FakeIntel.PCK_CRL_PATH, form);
            assertInHand(der, intel.start(), FakeIntel.PCK_CRL);
        }
    }

    @Test
    void takesTheListOfAnotherAuthorityForAMisfit() {
        Bytes processors = FakeIntel.crl(PckCa.PROCESSOR.commonName(), 1, intel.now());
        intel.first.serves(FakeIntel.PCK_CRL_PATH, processors);
        var gatherer = intel.start();
        assertInHand(processors, gatherer, FakeIntel.PCK_CRL);
        assertEquals(1, intel.bench.seen.warnings(GatheringWarning.MISFIT));
        Bytes right = FakeIntel.pckCrl(intel.now());
        intel.first.serves(FakeIntel.PCK_CRL_PATH, right);
        intel.forward(Duration.ofSeconds(2));
        assertInHand(right, gatherer, FakeIntel.PCK_CRL);
    }

    static Stream<Bytes> handsOverWhatIsOfAnotherPlatformToBeJudgedButDoesNotKeepIt() {
        var now = new HandClock().instant();
        return Stream.of(
                FakeIntel.tcbInfo("TDX", "90C06F000000", 20, now, FakeIntel.MONTH),
                FakeIntel.tcbInfo("SGX", "50806F000000", 20, now, FakeIntel.MONTH));
    }

    @ParameterizedTest
    @MethodSource
    void handsOverWhatIsOfAnotherPlatformToBeJudgedButDoesNotKeepIt(Bytes other) {
        intel.first.serves(FakeIntel.TCB_PATH, other);
        var gatherer = intel.start();
        assertInHand(other, gatherer, FakeIntel.TCB);
        assertEquals(1, intel.bench.seen.warnings(GatheringWarning.MISFIT));
        assertEquals(Optional.empty(), IntelBench.seen(gatherer));
        intel.forward(Duration.ofSeconds(2));
        assertInHand(intel.serve(intel.first, 20), gatherer, FakeIntel.TCB);
    }

    @Test
    void takesTheIdentityOfTheOtherQuotingEnclaveForAMisfit() {
        intel.first.serves(FakeIntel.QE_PATH, FakeIntel.qeIdentity("QE", 19, intel.now()));
        gather(intel.start(), FakeIntel.QE);
        assertEquals(1, intel.bench.seen.warnings(GatheringWarning.MISFIT));
    }

    static Stream<String> neverTakesABodyThatIsNotWhatWasAskedFor() {
        String good = FakeIntel.tcbInfo(20, new HandClock().instant()).toUtf8();
        return Stream.of(
                "<html>please log in</html>",
                "{}",
                "{\"tcbInfo\":7}",
                good + "x",
                " " + good,
                "x" + good,
                good.replace("\"version\":3", "\"fmspc\":\"50806F000000\""),
                good.replace("Number\":20", "Number\":20.5"),
                good.replace("Number\":20", "Number\":-1"),
                good.replace("Number\":20", "Number\":99999999999"),
                good.replace("nextUpdate", "lastUpdate"),
                good.replace("nextUpdate\":\"2026", "nextUpdate\":\"-1000000000"),
                good.replace("nextUpdate\":\"2026", "nextUpdate\":\"+1000000000"),
                good.replace("issueDate\":\"2026-06", "issueDate\":\"2026-13"),
                "[".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource
    void neverTakesABodyThatIsNotWhatWasAskedFor(String body) {
        intel.first.serves(FakeIntel.TCB_PATH, Bytes.utf8(body));
        var gatherer = intel.start();
        assertMissing(Outcome.Cause.NOT_FETCHED, gather(gatherer, FakeIntel.TCB), FakeIntel.TCB);
        assertEquals(1, intel.bench.seen.count("failed intel-tcb-info wrong-body"));
        assertEquals(Optional.empty(), IntelBench.seen(gatherer));
    }

    @Test
    void readsNoMoreThanABoundedBody() {
        intel.first.serves(FakeIntel.TCB_PATH, Bytes.zeros(1024 * 1024));
        var tooLong = gather(intel.start(), FakeIntel.TCB);
        String why =
                assertMissing(Outcome.Cause.NOT_FETCHED, tooLong, FakeIntel.TCB).why();
        assertTrue(why.contains("sent more than"), why);
    }

    @Test
    void showsInHealthDataWhatIsHeldOfWhichKind() {
        intel.serve(intel.first, 20);
        intel.first.serves(FakeIntel.PCK_CRL_PATH, FakeIntel.pckCrl(intel.now()));
        var gatherer = intel.start();
        gather(gatherer, FakeIntel.TCB, FakeIntel.PCK_CRL, FakeIntel.QE);
        assertEquals(
                List.of("intel-pck-crl platform 1", "intel-qe-identity tdx 0", "intel-tcb-info tdx-50806f000000 1"),
                gatherer.states().stream()
                        .map(state -> state.kind() + " " + state.product() + " " + state.held())
                        .toList());
        assertEquals(
                Optional.of(intel.now().plus(Duration.ofHours(6))),
                gatherer.states().getLast().freshUntil());
        assertTrue(gatherer.states().get(1).lastFailure().isPresent());
    }

    @Test
    void readsItsFilesOfTheGenuineCollateral() throws IOException {
        Path folder = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"))
                .resolve("intel-tdx/collateral/tdx-b0c06f000000-2026-08");
        assumeTrue(
                Files.isDirectory(folder), "no captures at " + folder + ": set -Dcountersign.evidence to their folder");
        Bytes chain = file(folder, "tcb_info_issuer_chain.pem");
        Bytes tcb = Bytes.concat(chain, file(folder, "tcb_info.json"));
        var ref = new IntelEndorsementRef.TcbInfo(TeeType.TDX, Bytes.fromHex("b0c06f000000"));
        var read = assertInstanceOf(Reading.Fits.class, IntelReadings.read(ref, tcb));
        assertEquals("20 of 2026-08-13T10:45:38Z", read.edition().orElseThrow().text());
        assertEquals("2026-09-12T10:45:38Z", read.validUntil().orElseThrow().toString());
        for (var each : Map.of(
                        FakeIntel.QE,
                        "qe_identity.json",
                        FakeIntel.PCK_CRL,
                        "pck_crl.der",
                        FakeIntel.ROOT_CRL,
                        "root_ca_crl.der")
                .entrySet()) {
            assertInstanceOf(
                    Reading.Fits.class,
                    IntelReadings.read((IntelEndorsementRef) each.getKey(), file(folder, each.getValue())));
        }
        assertInstanceOf(Reading.Misfit.class, IntelReadings.read(FakeIntel.ROOT_CRL, file(folder, "pck_crl.der")));
    }

    private static Bytes file(Path folder, String name) throws IOException {
        return Bytes.copyOf(Files.readAllBytes(folder.resolve(name)));
    }
}
