package io.countersign.service.signing;

import io.countersign.verifier.token.TokenContext;
import java.time.Duration;

/** How long relying parties live with what they have seen: every rule of rotation is computed from these. */
public final class KeyTimes {
    /** How long relying parties may keep the key set: the {@code max-age} of its answer. */
    public static final Duration CACHED = Duration.ofMinutes(5);

    /** How far clocks may differ, and how late a replica may notice a change. */
    public static final Duration SKEW = Duration.ofMinutes(1);

    /** Whoever fetched the key set just before a key was in it has fetched again when the key begins to sign. */
    public static final Duration LEAST_OVERLAP = CACHED.plus(SKEW);

    /** The last token of a key has ended, and whoever fetches late still finds the key that verifies it. */
    public static final Duration RETIRING = TokenContext.MAX_LIFETIME.plus(SKEW).plus(CACHED);

    /** The longest that may lie between two readings of the folder: half of {@link #SKEW} is left to clocks. */
    public static final Duration LONGEST_POLL = SKEW.dividedBy(2);

    private KeyTimes() {}
}
