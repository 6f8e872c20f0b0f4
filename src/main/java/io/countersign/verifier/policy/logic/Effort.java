package io.countersign.verifier.policy.logic;

/** How much looking is left; counted in comparisons and not in time, so that every run ends the same way. */
final class Effort {
    private final long most;
    private long spent;

    Effort(long most) {
        this.most = most;
    }

    static Effort unbounded() {
        return new Effort(Long.MAX_VALUE);
    }

    void spend(long work) {
        spent += work;
    }

    boolean exhausted() {
        return spent > most;
    }

    long spent() {
        return spent;
    }
}
