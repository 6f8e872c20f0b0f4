/**
 * Reads request bodies: unknown and duplicate members, wrong types and wrong encodings are refused with a JSON pointer.
 * May import the core's {@code bytes}, {@code claim} and {@code scheme}.
 */
@NullMarked
package io.countersign.service.api.request;

import org.jspecify.annotations.NullMarked;
