package io.countersign.verifier.policy.logic;

/**
 * Demands that nothing can fulfil together.
 *
 * @param says one half of a sentence: {@code cpu.snp.vmpl cannot be both above 3 and below 2}
 * @param at the id, in CEL's tree, of the demand that cannot be added to those before it
 */
public record Clash(String says, long at) {}
