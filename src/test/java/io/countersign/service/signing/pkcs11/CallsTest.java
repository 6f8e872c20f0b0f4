package io.countersign.service.signing.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.SigningAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody waits for a library that does not come back; what stands in its way is told in a sentence. */
class CallsTest {
    @Test
    void aCallThatDoesNotComeBackIsGivenUpAndManyOfThemStopFurtherOnes() {
        var calls = new Calls("the token", Duration.ofMillis(20));
        var never = new CountDownLatch(1);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            String why = "";
            for (int i = 0; i < 200; i++) {
                why = assertThrows(KeyTroubleException.class, () -> calls.call(() -> hang(never)))
                        .why();
                if (i == 0) {
                    assertTrue(why.contains("did not answer within 20 ms"), why);
                }
            }
            assertTrue(why.contains("has not answered earlier calls"), why);
            never.countDown();
        });
    }

    /** Native code does not heed interruptions. */
    private static String hang(CountDownLatch never) {
        while (true) {
            try {
                never.await();
                return "";
            } catch (InterruptedException _) {
                // As if nothing had been.
            }
        }
    }

    @Test
    void whatTheTokenAnsweredIsToldAndNotHowJavaWrapsIt() {
        var calls = new Calls("the token", Duration.ofSeconds(5));
        String why = assertThrows(
                        KeyTroubleException.class,
                        () -> calls.call(() -> {
                            throw new ProviderException("no", new IllegalStateException("CKR_DEVICE_REMOVED"));
                        }))
                .why();
        assertEquals("the token cannot be used: CKR_DEVICE_REMOVED", why);
    }

    @Test
    void aLibraryThatCannotBeLoadedIsTold(@TempDir Path folder) throws IOException {
        Path pin = Files.writeString(folder.resolve("pin"), "1234\n");
        for (String path : new String[] {"/nowhere/lib.so", "/etc/passwd"}) {
            var vault = new TokenVault(new TokenSettings(Path.of(path), Optional.empty(), pin, Duration.ofSeconds(5)));
            String why = assertThrows(KeyTroubleException.class, () -> vault.make(SigningAlgorithm.ES256))
                    .why();
            assertTrue(why.contains(path) && why.contains("cannot be loaded"), why);
        }
    }

    @Test
    void settingsThatDoNotFitTogetherAreTold() throws KeyTroubleException {
        assertTrue(TokenSettings.of(Optional.empty(), Optional.empty(), Optional.empty())
                .isEmpty());
        assertThrows(
                KeyTroubleException.class,
                () -> TokenSettings.of(Optional.empty(), Optional.of("a"), Optional.empty()));
        assertThrows(
                KeyTroubleException.class,
                () -> TokenSettings.of(Optional.of(Path.of("a")), Optional.empty(), Optional.empty()));
    }
}
