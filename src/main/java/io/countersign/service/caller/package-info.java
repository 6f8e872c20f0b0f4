/**
 * Callers that authenticate: key services, usually. Who they are, and for which audiences they speak. May import
 * {@code service.config}, {@code service.api.problem} and the core's {@code bytes}.
 */
@NullMarked
package io.countersign.service.caller;

import org.jspecify.annotations.NullMarked;
