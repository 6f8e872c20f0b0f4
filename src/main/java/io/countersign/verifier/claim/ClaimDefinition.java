package io.countersign.verifier.claim;

/**
 * One claim that a scheme can make.
 *
 * @param path dotted, as it nests in JSON: {@code snp.reported_tcb.snp}
 * @param meaning one line for people and for the published claims schema
 */
public record ClaimDefinition(String path, ClaimType type, String meaning) {}
