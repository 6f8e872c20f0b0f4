package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PCCS with a certificate that Java does not know. */
class IntelTlsTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final IntelBench intel = new IntelBench();
    private final KeyPair serverKey = FakeAmd.keyPair();
    private Optional<FakeVendor> pccs = Optional.empty();

    @TempDir
    private Path dir = Path.of("");

    @AfterEach
    void stop() {
        pccs.ifPresent(FakeVendor::close);
        intel.close();
    }

    private void serveOver(X509Certificate... chain) {
        var server = new FakeVendor(Optional.of(FakeTls.server(serverKey, chain)));
        pccs = Optional.of(server);
        intel.urls = List.of(server.url());
        intel.serve(server, 20);
    }

    private void trust(X509Certificate... certificates) throws IOException {
        Path file = dir.resolve("ca.pem");
        Files.writeString(file, FakeTls.pem(certificates));
        intel.caCertificates = Optional.of(file);
    }

    private void assertTaken() {
        assertInHand(FakeIntel.tcbInfo(20, intel.now()), intel.start(), FakeIntel.TCB);
    }

    private void assertRefused() {
        var failed = gather(intel.start(), FakeIntel.TCB);
        String why =
                assertMissing(Outcome.Cause.NOT_FETCHED, failed, FakeIntel.TCB).why();
        assertTrue(why.contains("countersign.collateral.intel-tls.ca-certificates"), why);
    }

    @Test
    void isNotBelievedWithoutItsFileAndTheMessageSaysWhatToDo() {
        serveOver(FakeTls.selfSigned("pccs", serverKey, YEAR));
        assertRefused();
    }

    @Test
    void isBelievedWhenTheFileHoldsItsOwnCertificateWhateverNameThatHas() throws IOException {
        var own = FakeTls.selfSigned("some name that it was installed with", serverKey, YEAR);
        serveOver(own);
        trust(own);
        assertTaken();
    }

    @Test
    void isNotBelievedForAnotherCertificateOfTheSameName() throws IOException {
        serveOver(FakeTls.selfSigned("pccs", serverKey, YEAR));
        trust(FakeTls.selfSigned("pccs", FakeAmd.keyPair(), YEAR));
        assertRefused();
    }

    @Test
    void isNotBelievedForItsOwnCertificateOnceThatHasEnded() throws IOException {
        var ended = FakeTls.selfSigned("pccs", serverKey, Duration.ofMinutes(-1));
        serveOver(ended);
        trust(ended);
        assertRefused();
    }

    @Test
    void isBelievedWhenAnAuthorityOfTheFileVouchesForItsAddress() throws IOException {
        var authorityKey = FakeAmd.keyPair();
        var authority = FakeTls.authority("Private CA", authorityKey);
        serveOver(FakeTls.issued("127.0.0.1", serverKey, "Private CA", authorityKey), authority);
        trust(FakeTls.authority("Another CA", FakeAmd.keyPair()), authority);
        assertTaken();
    }

    @Test
    void isNotBelievedWhenTheAuthorityVouchesForAnotherAddress() throws IOException {
        var authorityKey = FakeAmd.keyPair();
        var authority = FakeTls.authority("Private CA", authorityKey);
        serveOver(FakeTls.issued("127.0.0.2", serverKey, "Private CA", authorityKey), authority);
        trust(authority);
        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void refusesToStartWithAFileThatHoldsNoCertificates(String content) throws IOException {
        Path file = dir.resolve("ca.pem");
        Files.writeString(file, content);
        intel.caCertificates = Optional.of(file);
        var refusal = assertThrows(IllegalArgumentException.class, intel::start);
        assertTrue(String.valueOf(refusal.getMessage()).contains("intel-tls.ca-certificates"));
    }

    @Test
    void refusesToStartWithoutTheFile() {
        intel.caCertificates = Optional.of(dir.resolve("nowhere.pem"));
        var refusal = assertThrows(IllegalArgumentException.class, intel::start);
        assertTrue(String.valueOf(refusal.getMessage()).contains("cannot be read"));
    }
}
