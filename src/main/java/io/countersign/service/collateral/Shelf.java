package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is in hand, in memory and in the folder, and the rules for taking something new onto it. */
final class Shelf {
    /** What became of something that was fetched. */
    sealed interface Taken {
        record Kept(Copy copy) implements Taken {}

        /** To be judged by the core this once, and not kept. */
        record JudgedOnly(Bytes content, String why) implements Taken {}

        /** Neither kept nor handed over. */
        record Declined(String why) implements Taken {}
    }

    private static final int SHARED_BOUND = 1_000;

    private final InstantSource clock;
    private final KeepingRule keepingRule;
    private final Warnings warnings;
    private final EndorsementStore store;
    private final Cache<EndorsementRef, Copy> shared;
    private final Cache<EndorsementRef, Copy> machines;

    Shelf(CollateralConfig config, InstantSource clock, KeepingRule keepingRule, Warnings warnings) {
        this.clock = clock;
        this.keepingRule = keepingRule;
        this.warnings = warnings;
        this.store = new EndorsementStore(config.dataDir(), config.storedChips(), warnings);
        // Apart, so that no number of machines pushes a revocation list out.
        this.shared = Caffeine.newBuilder().maximumSize(SHARED_BOUND).build();
        this.machines =
                Caffeine.newBuilder().maximumSize(config.rememberedChips()).build();
    }

    /**
     * What the folder holds now, for offline mode: it is looked at every time, so that files put there by hand count at
     * once and files taken away no longer do.
     */
    Optional<Bytes> inFolder(Wanted wanted) {
        return copyFromFolder(wanted).map(Copy::content).or(() -> misnamed(wanted));
    }

    /** The copy in memory or, failing that, in the folder. */
    Optional<Copy> find(Wanted wanted) {
        return inMemory(wanted).or(() -> copyFromFolder(wanted));
    }

    Optional<Copy> inMemory(Wanted wanted) {
        return Optional.ofNullable(memory(wanted.traits()).getIfPresent(wanted.ref()));
    }

    private Optional<Copy> copyFromFolder(Wanted wanted) {
        EndorsementTraits traits = wanted.traits();
        return traits.files().stream()
                .flatMap(name ->
                        store.read(name, traits.maxLength()).flatMap(stored -> adopt(wanted, name, stored)).stream())
                .findFirst();
    }

    private Optional<Copy> adopt(Wanted wanted, String name, EndorsementStore.Stored stored) {
        Optional<Copy> held = inMemory(wanted);
        if (held.isPresent() && held.get().content().equals(stored.content())) {
            return held;
        }
        return switch (wanted.read(stored.content())) {
            case Reading.Fits fits -> {
                if (held.isPresent() && isOlder(fits, held.get())) {
                    warnings.warn(
                            GatheringWarning.LOWER_CRL_NUMBER,
                            "the file %s holds an older revocation list than the one already read, which stays in use"
                                    .formatted(name));
                    yield held;
                }
                Instant now = clock.instant();
                Instant fetchedAt = stored.modified().isBefore(now) ? stored.modified() : now;
                var copy = Copy.of(stored.content(), fits, wanted.traits(), fetchedAt);
                yield Optional.of(keepNewer(wanted, copy, held.isPresent()));
            }
            case Reading.Misfit(String why) -> notUsed(name, why);
            case Reading.Unreadable(String why) -> notUsed(name, why);
        };
    }

    /** A fetch may have landed while the file was being read: then what it brought stays. */
    private Copy keepNewer(Wanted wanted, Copy fromFile, boolean replaces) {
        return memory(wanted.traits())
                .asMap()
                .merge(
                        wanted.ref(),
                        fromFile,
                        (there, offered) -> replaces && !isOlder(offered.reading(), there) ? offered : there);
    }

    private Optional<Copy> notUsed(String name, String why) {
        store.unreadable(name, why);
        return Optional.empty();
    }

    /**
     * Offline, a file under the exact name of what is wanted that says it is something else: handing it over lets the core
     * say what is wrong with it, which helps whoever put it there more than "missing".
     */
    private Optional<Bytes> misnamed(Wanted wanted) {
        return store.read(wanted.traits().files().getFirst(), wanted.traits().maxLength())
                .map(EndorsementStore.Stored::content)
                .filter(content -> wanted.read(content) instanceof Reading.Misfit);
    }

    /** Decides what becomes of fetched bytes and, when they are kept, puts them into memory and the folder. */
    Taken take(Wanted wanted, Bytes content) {
        return switch (wanted.read(content)) {
            case Reading.Unreadable(String why) -> new Taken.Declined(why);
            case Reading.Misfit(String why) -> judgedOnly(wanted.ref(), content, why);
            case Reading.Fits fits -> {
                Optional<String> objection = keepingRule.reasonNotToKeep(wanted.ref(), content);
                yield objection.isPresent()
                        ? judgedOnly(wanted.ref(), content, objection.get())
                        : takeFitting(wanted, content, fits);
            }
        };
    }

    private Taken judgedOnly(EndorsementRef ref, Bytes content, String why) {
        warnings.warn(
                GatheringWarning.MISFIT,
                "what was fetched as %s is handed over to be judged, but not kept: %s"
                        .formatted(ref.description(), why));
        return new Taken.JudgedOnly(content, why);
    }

    private Taken takeFitting(Wanted wanted, Bytes content, Reading.Fits fits) {
        EndorsementRef ref = wanted.ref();
        EndorsementTraits traits = wanted.traits();
        Optional<Copy> held = inMemory(wanted);
        if (held.isPresent() && isOlder(fits, held.get())) {
            String why = "it has a lower number than the list already seen";
            warnings.warn(
                    GatheringWarning.LOWER_CRL_NUMBER,
                    "what was fetched as %s is not taken: %s. Somebody may be replaying old lists"
                            .formatted(ref.description(), why));
            return new Taken.Declined(why);
        }
        held.ifPresent(previous -> noteOtherKey(ref, previous, fits));
        var copy = Copy.of(content, fits, traits, clock.instant());
        memory(traits).put(ref, copy);
        store.write(traits.files().getFirst(), content, traits.use());
        return new Taken.Kept(copy);
    }

    /** Keep the highest CRL number seen; a list without a number never follows one with a number. */
    private static boolean isOlder(Reading.Fits offered, Copy held) {
        Optional<BigInteger> seen = held.reading().number();
        return seen.isPresent()
                && offered.number()
                        .map(number -> number.compareTo(seen.get()) < 0)
                        .orElse(true);
    }

    /**
     * KDS certifies the same key again with a new window whenever it is asked for the same chip and TCB, because the key
     * is derived from these two. Another key is therefore wrong, or the one held was. We cannot tell which: only the
     * core can, with a report. The new one takes the place of the old all the same, since a wrong one can only make the
     * core refuse, whereas staying with a wrong old one would refuse for ever.
     */
    private void noteOtherKey(EndorsementRef ref, Copy previous, Reading.Fits fits) {
        if (!previous.reading().key().equals(fits.key())) {
            warnings.warn(
                    GatheringWarning.KEY_CHANGED,
                    "%s was issued again with another key, which genuine hardware never has; the new one is judged. Find out who answers in the vendor's place"
                            .formatted(ref.description()));
        }
    }

    private Cache<EndorsementRef, Copy> memory(EndorsementTraits traits) {
        return switch (traits.use()) {
            case SHARED -> shared;
            case PER_MACHINE -> machines;
        };
    }

    /** Everything in memory. */
    Map<EndorsementRef, Copy> held() {
        return Stream.of(shared, machines)
                .flatMap(cache -> cache.asMap().entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
