/**
 * Callers that authenticate: key services, gateways, operators. Who they are, what they may do, and for which audiences they
 * speak. May import {@code service.config} and the core's {@code bytes}.
 */
@NullMarked
package io.countersign.service.caller;

import org.jspecify.annotations.NullMarked;
