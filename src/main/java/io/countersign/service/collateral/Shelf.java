package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final SeenEditions seen;
    private final Cache<EndorsementRef, Copy> shared;
    private final Cache<EndorsementRef, Copy> families;
    private final Cache<EndorsementRef, Copy> machines;

    Shelf(CollateralConfig config, InstantSource clock, KeepingRule keepingRule, Warnings warnings) {
        this.clock = clock;
        this.keepingRule = keepingRule;
        this.warnings = warnings;
        this.store = new EndorsementStore(config.dataDir(), config.storedChips(), warnings);
        this.seen = new SeenEditions(store);
        // Apart, so that no number of machines or families pushes a revocation list out.
        this.shared = Caffeine.newBuilder().maximumSize(SHARED_BOUND).build();
        this.families = Caffeine.newBuilder().maximumSize(SHARED_BOUND).build();
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
                .flatMap(name -> readFile(wanted, name).flatMap(stored -> adopt(wanted, name, stored)).stream())
                .findFirst();
    }

    private Optional<EndorsementStore.Stored> readFile(Wanted wanted, String name) {
        return store.read(name, wanted.traits().maxLength())
                .map(stored -> new EndorsementStore.Stored(wanted.canonical(stored.content()), stored.modified()));
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
                            warningOfOld(wanted),
                            "the file %s holds an older edition than the one already read, which stays in use"
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
        return readFile(wanted, wanted.traits().files().getFirst())
                .map(EndorsementStore.Stored::content)
                .filter(content -> wanted.read(content) instanceof Reading.Misfit);
    }

    /** Decides what becomes of fetched bytes and, when they are kept, puts them into memory and the folder. */
    Taken take(Wanted wanted, Bytes content, URI origin) {
        return switch (wanted.read(content)) {
            case Reading.Unreadable(String why) -> new Taken.Declined(why);
            case Reading.Misfit(String why) -> judgedOnly(wanted.ref(), content, why);
            case Reading.Fits fits -> {
                Optional<String> objection = keepingRule.reasonNotToKeep(wanted.ref(), content);
                yield objection.isPresent()
                        ? judgedOnly(wanted.ref(), content, objection.get())
                        : takeFitting(wanted, content, fits, origin);
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

    private Taken takeFitting(Wanted wanted, Bytes content, Reading.Fits fits, URI origin) {
        EndorsementRef ref = wanted.ref();
        EndorsementTraits traits = wanted.traits();
        Optional<Copy> held = inMemory(wanted);
        Optional<String> old = wentBack(wanted, fits, origin).or(() -> held.flatMap(copy -> worse(wanted, fits, copy)));
        if (old.isPresent()) {
            return new Taken.Declined(old.get());
        }
        var copy = Copy.of(content, fits, traits, clock.instant());
        held.ifPresent(previous -> noteOtherKey(ref, previous, fits));
        traits.seenFile().ifPresent(file -> fits.edition()
                .ifPresent(edition -> seen.raise(file, origin, edition, traits.use())));
        memory(traits).put(ref, copy);
        store.write(traits.files().getFirst(), content, traits.use());
        return new Taken.Kept(copy);
    }

    /** Whether an origin gives out an older edition than it gave out before, which no honest one does. */
    private Optional<String> wentBack(Wanted wanted, Reading.Fits fits, URI origin) {
        Optional<Edition> before = wanted.traits().seenFile().flatMap(file -> seen.of(file, origin));
        Optional<Edition> offered = fits.edition();
        if (before.isEmpty() || offered.isEmpty() || !offered.get().precedes(before.get())) {
            return Optional.empty();
        }
        String why = "%s gave out number %s before and now %s"
                .formatted(origin.getHost(), before.get().text(), offered.get().text());
        warnings.warn(
                warningOfOld(wanted),
                "what was fetched as %s is not taken: %s. Somebody may be replaying old ones"
                        .formatted(wanted.ref().description(), why));
        return Optional.of(why);
    }

    /** Whether the copy in hand is better than what is offered now. */
    private Optional<String> worse(Wanted wanted, Reading.Fits offered, Copy held) {
        Instant now = clock.instant();
        boolean offeredIsOver = Copy.over(offered, now);
        if (offeredIsOver && !held.over(now)) {
            return Optional.of("it has ended already");
        }
        if (!isOlder(offered, held)) {
            return Optional.empty();
        }
        if (wanted.traits().seenFile().isEmpty()) {
            String why = "it has a lower number than the list already seen";
            warnings.warn(
                    warningOfOld(wanted),
                    "what was fetched as %s is not taken: %s. Somebody may be replaying old lists"
                            .formatted(wanted.ref().description(), why));
            return Optional.of(why);
        }
        // Origins need not be equally quick, so this one may lag without fault: it counts once the newer copy has
        // ended.
        return held.over(now) && !offeredIsOver
                ? Optional.empty()
                : Optional.of("it is older than the copy in hand, which another address gave out");
    }

    private static GatheringWarning warningOfOld(Wanted wanted) {
        return wanted.traits().seenFile().isPresent()
                ? GatheringWarning.LOWER_EVALUATION_NUMBER
                : GatheringWarning.LOWER_CRL_NUMBER;
    }

    /** The highest number that the origins in use have ever given out; from memory or the folder, never from a copy. */
    Optional<BigInteger> highestNumber(Wanted wanted) {
        return wanted.traits().seenFile().flatMap(file -> seen.highest(file, wanted.origins()));
    }

    /** Keep the newest edition seen; one without a number never follows one with a number. */
    private static boolean isOlder(Reading.Fits offered, Copy held) {
        Optional<Edition> seen = held.reading().edition();
        return seen.isPresent()
                && offered.edition()
                        .map(edition -> edition.precedes(seen.get()))
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
            case PER_FAMILY -> families;
            case PER_MACHINE -> machines;
        };
    }

    /** Families that are in memory. */
    Set<EndorsementRef> families() {
        return Set.copyOf(families.asMap().keySet());
    }

    /** What is in memory and kept up to date whether or not anybody asks for it: what many machines share. */
    Map<EndorsementRef, Copy> shared() {
        return Stream.of(shared, families)
                .flatMap(cache -> cache.asMap().entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Everything in memory. */
    Map<EndorsementRef, Copy> held() {
        return Stream.of(shared, families, machines)
                .flatMap(cache -> cache.asMap().entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
