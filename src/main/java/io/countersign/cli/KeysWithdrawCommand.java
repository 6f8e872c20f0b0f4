package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyChanges.Withdrawal;
import io.countersign.service.signing.KeyTimes;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.Standing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys withdraw}: for the emergency. */
@Command(
        name = "withdraw",
        mixinStandardHelpOptions = true,
        description = {
            "Withdraws a key at once: it is published no more, and introspection refuses its tokens.",
            "When it is the one that signs, the next one takes its place; without a next one, a new one is made."
        })
final class KeysWithdrawCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "<kid>", description = "The key, as \"keys list\" shows it.")
    private String kid = "";

    @Mixin
    private KeysPlace place = new KeysPlace();

    @Option(
            names = "--no-replacement",
            description = "Make no new key: nothing is signed until \"keys rotate\" makes one.")
    private boolean noReplacement;

    @Override
    public Integer call() throws CommandException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            var ring = place.ring();
            requireToken(ring.active(now).filter(key -> key.kid().equals(kid)).isPresent()
                    && ring.next(now).isEmpty()
                    && ring.active(now).map(RingKey::home).orElseThrow() instanceof RingKey.Home.InToken);
            say(
                    place.changes()
                            .withdraw(
                                    kid,
                                    now,
                                    noReplacement ? KeyChanges.Replacement.NONE : KeyChanges.Replacement.MAKE),
                    now);
            return Main.FINE;
        } catch (KeyTroubleException e) {
            throw new CommandException(e.why());
        }
    }

    /** Keys of a token are not silently followed by files. */
    private void requireToken(boolean replacesTokenKey) throws CommandException, KeyTroubleException {
        if (replacesTokenKey && !noReplacement && place.vaults().token().isEmpty()) {
            throw new CommandException(
                    "the key is in a PKCS#11 token, and none is named here, so the new one would be a file: give --pkcs11-library and --pkcs11-pin-file, or --no-replacement to withdraw at once");
        }
    }

    private void say(Withdrawal done, Instant now) {
        var terminal = Terminal.of(System.out);
        if (place.output() == KeysPlace.Output.JSON) {
            var document = KeysText.document(done.ring(), now);
            document.put("withdrawn", done.withdrawn().kid());
            done.signsNow().ifPresent(key -> document.put("signs_now", key.kid()));
            terminal.json(document);
            return;
        }
        terminal.line(
                terminal.in(Tone.BAD, "withdrew the key " + done.withdrawn().kid()));
        done.signsNow().ifPresent(key -> terminal.line("the key %s signs from now on".formatted(key.kid())));
        terminal.wrapped(
                0,
                "Relying parties that keep the key set go on accepting its tokens for up to %d s: whoever must not, has to fetch %s anew now."
                        .formatted(KeyTimes.CACHED.toSeconds(), "/.well-known/jwks.json"));
        if (done.was() == Standing.State.ACTIVE && done.signsNow().isPresent()) {
            terminal.wrapped(
                    0, "Those that do not fetch it when they meet an unknown key refuse new tokens for as long.");
        }
        KeysText.print(terminal, done.ring(), now);
    }
}
