package io.countersign.verifier.result;

/**
 * Something that whoever reads a verdict should know about one submodule. It never changes a status.
 *
 * @param because what to know
 * @param hint what to do about it, or the empty text
 * @param origin the id of the policy that wrote it
 */
public record AdvisoryResult(String name, String submodule, String because, String hint, String origin) {}
