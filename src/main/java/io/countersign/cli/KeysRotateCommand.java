package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyRing;
import io.countersign.service.signing.KeyTimes;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.SigningAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys rotate}: adds the next key. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a key that is published now and signs later, when every relying party knows it.",
            "Where there is no key yet, or every one was withdrawn, the new one signs at once."
        })
final class KeysRotateCommand implements Callable<Integer> {
    @Mixin
    private KeysPlace place = new KeysPlace();

    @Option(
            names = "--in",
            paramLabel = "<duration>",
            description =
                    "How long until it signs; 15m unless stated, and not less than relying parties keep keys for.")
    private Duration in = Duration.ofMinutes(15);

    @Option(
            names = "--algorithm",
            paramLabel = "<name>",
            description = "ES256 or ES384; that of the key that signs now unless stated.")
    private @Nullable SigningAlgorithm algorithm;

    @Option(
            names = "--force-short-overlap",
            description = "Accept that relying parties meet a key that they do not know yet, and refuse its tokens.")
    private boolean forced;

    @Option(names = "--out-of-token", description = "Make a file, though the key that signs now is in a PKCS#11 token.")
    private boolean outOfToken;

    @Override
    public Integer call() throws CommandException {
        if (in.compareTo(KeyTimes.LEAST_OVERLAP) < 0 && !forced) {
            throw new CommandException(
                    "%d s are too short: relying parties keep the key set for %d s and clocks differ by up to %d s, so some would meet the new key before they know it, and refuse good tokens; take --in %ds or more, or --force-short-overlap"
                            .formatted(
                                    in.toSeconds(),
                                    KeyTimes.CACHED.toSeconds(),
                                    KeyTimes.SKEW.toSeconds(),
                                    KeyTimes.LEAST_OVERLAP.toSeconds()));
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            return rotate(now);
        } catch (KeyTroubleException e) {
            throw new CommandException(e.why());
        }
    }

    private Integer rotate(Instant now) throws KeyTroubleException, CommandException {
        KeyChanges changes = place.changes();
        SigningAlgorithm firstAlgorithm = Optional.ofNullable(algorithm).orElse(SigningAlgorithm.ES256);
        boolean first = place.folder().ring().isEmpty()
                && changes.fromBeforeRings(firstAlgorithm, now).isEmpty();
        KeyRing ring = changes.ringOrFirst(firstAlgorithm, now);
        Optional<RingKey> active = ring.active(now);
        if (first && active.isPresent()) {
            return say(active.get(), ring, now, "made the first key %s, which signs at once");
        }
        if (active.filter(key -> key.home() instanceof RingKey.Home.InToken).isPresent()
                && place.vaults().token().isEmpty()
                && !outOfToken) {
            throw new CommandException(
                    "the key that signs is in a PKCS#11 token, and none is named here, so the next one would be a file: give --pkcs11-library and --pkcs11-pin-file, or --out-of-token");
        }
        SigningAlgorithm wanted = Optional.ofNullable(algorithm)
                .or(() -> active.map(RingKey::algorithm))
                .orElse(SigningAlgorithm.ES256);
        Instant from = active.isPresent() ? now.plus(in) : now;
        return switch (changes.rotate(wanted, from, now, _ -> true)) {
            case KeyChanges.Rotation.Added(var key, var grown) -> {
                if (active.isPresent() && in.compareTo(KeyTimes.LEAST_OVERLAP) < 0) {
                    Terminal.of(System.err)
                            .line(
                                    "warning: relying parties that keep the key set refuse tokens of the new key for up to %d s"
                                            .formatted(KeyTimes.LEAST_OVERLAP
                                                    .minus(in)
                                                    .toSeconds()));
                }
                yield say(
                        key,
                        grown,
                        now,
                        active.isPresent() ? "made the next key %s" : "made the key %s, which signs at once");
            }
            case KeyChanges.Rotation.Waits(var next, var _) ->
                throw new CommandException(
                        "nothing was changed: the key %s waits already and signs from %s; withdraw it if it shall not"
                                .formatted(next.kid(), next.activeFrom()));
            case KeyChanges.Rotation.NotDue _ -> throw new IllegalStateException("it is always due here");
        };
    }

    private Integer say(RingKey key, KeyRing ring, Instant now, String sentence) {
        var terminal = Terminal.of(System.out);
        switch (place.output()) {
            case JSON -> {
                var document = KeysText.document(ring, now);
                document.put("made", key.kid());
                terminal.json(document);
            }
            case TEXT -> {
                terminal.line(terminal.in(Tone.GOOD, sentence.formatted(key.kid())));
                KeysText.print(terminal, ring, now);
            }
        }
        return Main.FINE;
    }
}
