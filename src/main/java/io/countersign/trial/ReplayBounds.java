package io.countersign.trial;

/**
 * How a replay is bounded.
 *
 * @param parallel cases judged at one time
 * @param examples names of cases kept of each kind
 * @param maxBytes a larger case counts as unreadable
 * @param scope which cases count
 */
public record ReplayBounds(int parallel, int examples, int maxBytes, Scope scope) {
    /** A request of 4 MiB, with what was fetched for it. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** Which cases count. */
    public enum Scope {
        /** Those that were judged by the policy that is compared with. */
        OF_THE_POLICY,
        ALL
    }

    public ReplayBounds {
        if (parallel < 1 || examples < 0 || maxBytes < 1) {
            throw new IllegalArgumentException("a replay judges at least one case at a time");
        }
    }

    /** All processors, ten names of each kind, cases of the policy that is compared with. */
    public static ReplayBounds usual() {
        return new ReplayBounds(Runtime.getRuntime().availableProcessors(), 10, MAX_BYTES, Scope.OF_THE_POLICY);
    }

    public ReplayBounds with(Scope other) {
        return new ReplayBounds(parallel, examples, maxBytes, other);
    }
}
