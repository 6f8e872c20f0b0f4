package io.countersign.cli;

import io.countersign.service.signing.KeyRing;
import io.countersign.service.signing.KeyTroubleException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys list}: every key, with its state. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the keys in the order of their turns, each with its state.")
final class KeysListCommand implements Callable<Integer> {
    @Mixin
    private KeysPlace place = new KeysPlace();

    @Option(names = "--at", paramLabel = "<time>", description = "As of then, instead of now.")
    private @Nullable Instant at;

    @Override
    public Integer call() throws CommandException {
        Instant when = at == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : at;
        try {
            KeyRing ring = place.ring();
            var terminal = Terminal.of(System.out);
            switch (place.output()) {
                case JSON -> terminal.json(KeysText.document(ring, when));
                case TEXT -> KeysText.print(terminal, ring, when);
            }
            // Whoever asks in a script learns without reading that nothing signs.
            return ring.active(when).isPresent() ? Main.FINE : Main.FOUND;
        } catch (KeyTroubleException e) {
            throw new CommandException(e.why());
        }
    }
}
