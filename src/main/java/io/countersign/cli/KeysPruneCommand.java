package io.countersign.cli;

import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.Standing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keys prune}: forgets keys that are of no more use. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes keys that are gone or withdrawn, private halves included.",
            "A withdrawn key stays while an earlier one is still published, and the last key always stays."
        })
final class KeysPruneCommand implements Callable<Integer> {
    @Mixin
    private KeysPlace place = new KeysPlace();

    @Override
    public Integer call() throws CommandException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            place.ring();
            List<Standing> forgotten = place.changes().prune(now);
            var terminal = Terminal.of(System.out);
            switch (place.output()) {
                case JSON -> terminal.json(Map.of("deleted", KeysText.documents(forgotten)));
                case TEXT -> {
                    forgotten.forEach(each -> terminal.line(
                            "deleted %s, which was %s".formatted(each.key().kid(), each.words())));
                    if (forgotten.isEmpty()) {
                        terminal.line("nothing to delete");
                    }
                }
            }
            return Main.FINE;
        } catch (KeyTroubleException e) {
            throw new CommandException(e.why());
        }
    }
}
