/**
 * Challenges: stateless signed nonces that are spent once. May import the core's {@code bytes}
 * and {@code service.store}.
 */
@NullMarked
package io.countersign.service.challenge;

import org.jspecify.annotations.NullMarked;
