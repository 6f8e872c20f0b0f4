package io.countersign.service.signing.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in a real PKCS#11 library: SoftHSM. */
class TokenVaultTest {
    private final SoftHsm hsm;

    TokenVaultTest(@TempDir Path folder) throws IOException, InterruptedException {
        this.hsm = SoftHsm.in(folder).token("other").token("countersign").token("third");
    }

    private static String kid(String jwk) throws ParseException {
        return ECKey.parse(jwk).getKeyID();
    }

    private static String made(SoftHsm.Session session, String algorithm) throws IOException {
        String jwk = session.ask("make " + algorithm);
        assertTrue(jwk.startsWith("{"), jwk);
        assertFalse(jwk.contains("\"d\""), jwk);
        return jwk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384"})
    void aKeyIsMadeInTheTokenAndFoundAgain(String algorithm) throws IOException, ParseException {
        String jwk;
        try (var session = hsm.session("countersign")) {
            jwk = made(session, algorithm);
            assertEquals("signed", session.ask("sign " + kid(jwk)));
        }
        try (var session = hsm.session("countersign")) {
            assertEquals("known", session.ask("know " + jwk));
            assertEquals("signed", session.ask("sign " + kid(jwk)));
        }
        // It is in that token and in no other.
        try (var session = hsm.session("other")) {
            session.ask("know " + jwk);
            String said = session.ask("sign " + kid(jwk));
            assertTrue(said.contains("holds no private key " + kid(jwk)), said);
        }
    }

    @Test
    void aKeyThatAnotherProcessMakesMeanwhileIsFound() throws IOException, ParseException {
        try (var service = hsm.session("countersign");
                var command = hsm.session("countersign")) {
            assertEquals("signed", service.ask("sign " + kid(made(service, "ES256"))));
            String jwk = made(command, "ES256");
            service.ask("know " + jwk);
            assertEquals("signed", service.ask("sign " + kid(jwk)));
        }
    }

    @Test
    void aDestroyedKeySignsNoMore() throws IOException, ParseException {
        try (var session = hsm.session("countersign")) {
            String jwk = made(session, "ES256");
            assertEquals("destroyed", session.ask("destroy " + kid(jwk)));
            String said = session.ask("sign " + kid(jwk));
            assertTrue(said.contains("holds no private key"), said);
            assertEquals("destroyed", session.ask("destroy " + kid(jwk)));
        }
    }

    @Test
    void aTokenThatWasAwayIsUsedAgainWhenItIsBack() throws IOException, ParseException, InterruptedException {
        try (var session = hsm.session("countersign")) {
            String kid = kid(made(session, "ES256"));
            assertEquals("signed", session.ask("sign " + kid));
            hsm.takeAway();
            for (int i = 0; i < 3; i++) {
                String said = session.ask("sign " + kid);
                assertTrue(said.startsWith("trouble: "), said);
            }
            hsm.bringBack();
            Instant until = Instant.now().plus(Duration.ofSeconds(20));
            String said = session.ask("sign " + kid);
            while (!said.equals("signed") && Instant.now().isBefore(until)) {
                Thread.sleep(200);
                said = session.ask("sign " + kid);
            }
            assertEquals("signed", said);
            assertEquals("signed", session.ask("sign " + kid));
        }
    }

    @Test
    void aWrongPinIsToldAndNotTriedTwice() throws IOException {
        Files.writeString(hsm.pinFile(), "wrong");
        try (var session = hsm.session("countersign")) {
            String said = session.ask("make ES256");
            assertTrue(said.contains("refuses the PIN") && said.contains("CKR_PIN_INCORRECT"), said);
            assertTrue(said.contains(hsm.pinFile().toString()) && !said.contains("wrong"), said);
            said = session.ask("make ES256");
            assertTrue(said.contains("PIN"), said);
            Files.writeString(hsm.pinFile(), SoftHsm.PIN);
            sleepPastSetback();
            made(session, "ES256");
        }
    }

    private static void sleepPastSetback() {
        try {
            Thread.sleep(Duration.ofMillis(1200));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void anEmptyPinFileIsTold(String text) throws IOException {
        Files.writeString(hsm.pinFile(), text);
        try (var session = hsm.session("countersign")) {
            String said = session.ask("make ES256");
            assertTrue(said.contains("is empty"), said);
        }
    }

    @Test
    void aTokenThatIsNotThereIsToldWithThoseThatAre() throws IOException {
        try (var session = hsm.session("mine")) {
            String said = session.ask("make ES256");
            assertTrue(said.startsWith("trouble: the PKCS#11 token \"mine\" is not there"), said);
            assertTrue(said.contains("\"other\"") && said.contains("\"third\""), said);
        }
    }

    @Test
    void withoutALabelThereMustBeOneToken() throws IOException {
        try (var session = hsm.session("-")) {
            String said = session.ask("make ES256");
            assertTrue(said.contains("several tokens that may be meant"), said);
        }
    }
}
