package io.countersign.architecture.bad.verifier;

/** Breaks a rule. */
final class AsksForAResource {
    private AsksForAResource() {}

    static boolean asks() {
        return AsksForAResource.class.getResource("/anything") == null;
    }
}
