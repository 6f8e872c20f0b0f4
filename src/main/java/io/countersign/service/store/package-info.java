/**
 * What must happen once, whichever replica is asked: challenges spent, tokens consumed, answers remembered. In memory, or in
 * Redis by way of Jedis. May import the core's {@code bytes} and {@code service.api.problem}.
 */
@NullMarked
package io.countersign.service.store;

import org.jspecify.annotations.NullMarked;
