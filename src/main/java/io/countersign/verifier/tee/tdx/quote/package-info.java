/**
 * Quotes as they are received: header, body, signature section and what certifies the key. Reading judges nothing. May
 * import {@code bytes}, {@code trust} and {@code scheme}.
 */
@NullMarked
package io.countersign.verifier.tee.tdx.quote;

import org.jspecify.annotations.NullMarked;
