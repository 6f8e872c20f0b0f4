/**
 * Token signing keys: a ring of them in a folder, of which each has its turn. What a key is good for is a pure function of
 * the ring and the time. May import the core's {@code token} and {@code service.api.problem}.
 */
@NullMarked
package io.countersign.service.signing;

import org.jspecify.annotations.NullMarked;
