/**
 * Token signing keys: made on first start under the data directory, kept, and used by the core's issuer. May import the
 * core's {@code token} and {@code bytes}.
 */
@NullMarked
package io.countersign.service.signing;

import org.jspecify.annotations.NullMarked;
