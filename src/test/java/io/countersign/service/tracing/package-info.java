/** Traces change nothing of what is counted. */
@NullMarked
package io.countersign.service.tracing;

import org.jspecify.annotations.NullMarked;
