package io.countersign.architecture.bad.verifier;

/** Breaks a rule. */
final class AsksTheEnvironment {
    private AsksTheEnvironment() {}

    static boolean asks() {
        return System.getenv().isEmpty();
    }
}
