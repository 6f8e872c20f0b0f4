/**
 * What a responder says about one certificate (RFC 6960), and whether it may be believed. May import {@code bytes},
 * {@code check}, {@code trust} and {@code pki}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.ocsp;

import org.jspecify.annotations.NullMarked;
