/**
 * Logs of what was measured into the run-time measurement registers: reading them, replaying them against a quote, and
 * telling which of their text was measured. May import {@code bytes}, {@code check}, {@code claim} and {@code scheme}.
 */
@NullMarked
package io.countersign.verifier.tee.tdx.eventlog;

import org.jspecify.annotations.NullMarked;
