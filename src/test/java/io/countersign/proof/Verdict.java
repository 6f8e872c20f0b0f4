package io.countersign.proof;

/** What a relying party's software made of a token. */
sealed interface Verdict {
    /** It would go on and release the key. */
    record Accepted() implements Verdict {}

    /** It would not, for this reason in its own words. */
    record Refused(String why) implements Verdict {}

    /** For the table in docs/relying-parties.md. */
    default String word() {
        return switch (this) {
            case Accepted _ -> "**accepted**";
            case Refused _ -> "refused";
        };
    }
}
