package io.countersign.architecture.bad.verifier;

/** Breaks a rule. */
final class PrintsSomething {
    private PrintsSomething() {}

    static void print() {
        System.out.println();
    }
}
