package io.countersign.verifier.policy;

/**
 * Something that whoever reads a verdict should know, and that no claim can settle: shown with the result and in the token,
 * without changing the status.
 *
 * @param origin the id of the policy that wrote it
 * @param scope the submodules that it is about
 * @param when the CEL expression; the advisory shows unless this is false, so also when nobody can tell
 * @param because what to know, one sentence for people
 * @param hint what to do about it, or the empty text
 */
public record Advisory(
        String origin, String name, ClaimVocabulary.Scope scope, String when, String because, String hint) {}
