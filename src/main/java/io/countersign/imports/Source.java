package io.countersign.imports;

import io.countersign.verifier.bytes.Bytes;

/**
 * Where values came from.
 *
 * @param name of the file or folder, as the caller knows it
 * @param sha256 of the file; of a folder, over the digests of its files in the order of their names
 */
public record Source(String name, Bytes sha256) {}
