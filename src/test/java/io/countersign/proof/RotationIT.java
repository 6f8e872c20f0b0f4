package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import io.countersign.proof.RelyingSoftware.Setup;
import io.countersign.proof.RelyingSoftware.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One signing key gives way to the next and is withdrawn, while software that is not restarted goes on verifying. What it says
 * stands in docs/relying-parties.md.
 */
class RotationIT {
    /** Far shorter than any operator's: the software here refetches when it meets a key that it does not know. */
    private static final Duration OVERLAP = Duration.ofSeconds(4);
    /** npm jose asks for the key set every 30 s at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static void await(String what, Callable<Boolean> holds) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!holds.call()) {
            assertTrue(Instant.now().isBefore(until), "not within " + PATIENCE + ": " + what);
            Thread.sleep(Duration.ofMillis(250));
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsTheKeys(Software software) throws Exception {
        Attester attester = Attester.start();
        try (PackagedService service = ProofServices.one(attester)) {
            Publisher publisher = Publisher.discover(service.address() + "/insecure");
            var terms = new Terms(publisher, PackagedService.AUDIENCE, PackagedService.POLICY);
            try (RelyingSoftware running = software.open(Setup.ADVISED, terms)) {
                var found = judged(service, attester, publisher, running);
                try (RelyingSoftware fresh = software.open(Setup.ADVISED, terms)) {
                    Jws old = found.tokens().before();
                    found.words()
                            .put(
                                    "signed with the withdrawn key, after that",
                                    fresh.judge(old.compact()).word());
                    assertEquals(
                            new Verdict.Accepted(),
                            fresh.judge(found.tokens().after().compact()));
                }
                LeastTable.assertColumn(software.title(), found.words());
            }
        }
    }

    private record Tokens(Jws before, Jws after) {}

    private record Found(Tokens tokens, Map<String, String> words) {}

    /** What a running verifier says, up to the moment in which the old key is withdrawn. */
    private static Found judged(
            PackagedService service, Attester attester, Publisher publisher, RelyingSoftware running) throws Exception {
        var words = new LinkedHashMap<String, String>();
        Jws before = Jws.of(attester.token(service, PackagedService.AUDIENCE));
        assertEquals(new Verdict.Accepted(), running.judge(before.compact()));

        KeyCommand.run(service, "rotate", "--in", OVERLAP.toSeconds() + "s", "--force-short-overlap");
        await("the next key is published", () -> publisher.published().size() == 2);
        Jws[] after = {before};
        await("the next key signs", () -> {
            after[0] = Jws.of(attester.token(service, PackagedService.AUDIENCE));
            return !after[0].keyId().equals(before.keyId());
        });
        running.refresh();
        words.put(
                "signed with the old key, during the overlap",
                running.judge(before.compact()).word());
        await("the new key is known", () -> running.judge(after[0].compact()) instanceof Verdict.Accepted);
        words.put("signed with the new key", running.judge(after[0].compact()).word());

        ECKey old = Publisher.stolen(service, before.keyId());
        String crossed =
                before.header(header -> header.put("kid", after[0].keyId())).signedWith(old);
        words.put(
                "signed with the old key under the `kid` of the new",
                running.judge(crossed).word());

        KeyCommand.run(service, "withdraw", before.keyId());
        await("the old key is withdrawn", () -> publisher.published().size() == 1);
        assertFalse(publisher.keys().contains(before.keyId()));
        words.put(
                "signed with the withdrawn key, before the key set is read again",
                running.judge(before.compact()).word());
        return new Found(new Tokens(before, after[0]), words);
    }
}
