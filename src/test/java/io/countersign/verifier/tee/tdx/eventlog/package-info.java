/** Event logs: the genuine ones, and the same damaged, reordered and relabelled. */
@NullMarked
package io.countersign.verifier.tee.tdx.eventlog;

import org.jspecify.annotations.NullMarked;
