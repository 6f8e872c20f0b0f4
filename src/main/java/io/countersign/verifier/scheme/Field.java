package io.countersign.verifier.scheme;

/**
 * One field of evidence as it was received, for showing; nothing about it is judged.
 *
 * @param name as the vendor prints it
 * @param offset in bytes from the start of {@code structure}
 */
public record Field(String structure, String name, int offset, int length, String value) {}
