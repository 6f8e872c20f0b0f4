/**
 * Traces: a span for each of the six verbs and for each question to a vendor, under that of the HTTP request. May import what
 * it watches (verbs, verdicts, gathering) and OpenTelemetry; nothing of it decides anything. No evidence, nonce, key or
 * machine's identifier stands in a span.
 */
@NullMarked
package io.countersign.service.tracing;

import org.jspecify.annotations.NullMarked;
