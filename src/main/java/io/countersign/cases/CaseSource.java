package io.countersign.cases;

/** Where the cases are that tests of policies name. */
@FunctionalInterface
public interface CaseSource {
    /**
     * The case of that name.
     *
     * @param name {@code fixture:<folder>/<name>} of those that ship, or a path relative to the policy's file
     * @throws CaseException when there is none or it cannot be read
     */
    Case find(String name) throws CaseException;
}
