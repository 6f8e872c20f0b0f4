/**
 * What has become of a token since it was made: RFC 7662, for the audience itself, which can also consume it. May import
 * {@code service.audience}, {@code service.caller}, {@code service.policies}, {@code service.signing}, {@code service.store} and the core's
 * {@code policy} and {@code result}.
 */
@NullMarked
package io.countersign.service.introspection;

import org.jspecify.annotations.NullMarked;
