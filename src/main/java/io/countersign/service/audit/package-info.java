/**
 * The audit log: one line for each decision, durable before the decision leaves, each line chained to the one before. Knows
 * lines, files and requests, and nothing of HTTP. May import {@code service.api.problem}, {@code service.verbs} and the core's
 * {@code bytes}, {@code check}, {@code result} and {@code token}.
 */
@NullMarked
package io.countersign.service.audit;

import org.jspecify.annotations.NullMarked;
