package io.countersign.trial;

/** One thing in which two policies differ, in words. */
public record PolicyChange(Kind kind, String words) {
    /** What a change does to what is admitted. */
    public enum Kind {
        /** Admits no more than before, and perhaps less. */
        STRICTER,
        /** Admits no less than before, and perhaps more. */
        LOOSER,
        /** May do either: look at it, and replay recorded cases. */
        CHANGED,
        /** Changes no verdict, only what is said about it. */
        NEUTRAL
    }

    static PolicyChange stricter(String words) {
        return new PolicyChange(Kind.STRICTER, words);
    }

    static PolicyChange looser(String words) {
        return new PolicyChange(Kind.LOOSER, words);
    }

    static PolicyChange changed(String words) {
        return new PolicyChange(Kind.CHANGED, words);
    }

    static PolicyChange neutral(String words) {
        return new PolicyChange(Kind.NEUTRAL, words);
    }
}
