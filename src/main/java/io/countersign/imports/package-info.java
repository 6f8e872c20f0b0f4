/**
 * Reference values from elsewhere: lists of measurements, folders of NVIDIA's RIMs and, in {@code corim}, signed CoRIMs, each read
 * strictly and written as the text of a values file. Pure: files, the time and the terminal belong to whoever calls. May import the
 * core's bytes, trust and NVIDIA's RIMs, and Jackson for JSON; nothing of the service.
 */
@NullMarked
package io.countersign.imports;

import org.jspecify.annotations.NullMarked;
