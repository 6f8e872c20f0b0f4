/**
 * Reference integrity manifests: NVIDIA's signed golden values for one driver or firmware. May import {@code bytes},
 * {@code check}, {@code trust} and {@code pki}.
 *
 * <p>Documents: TCG Reference Integrity Manifest Information Model 1.01; ISO/IEC 19770-2:2015 (SWID tags); W3C XML Signature
 * Syntax and Processing 1.1; W3C Canonical XML 1.1; RFC 9231 (identifiers of the algorithms). What NVIDIA writes into the
 * fields that these leave open was read off genuine manifests.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.rim;

import org.jspecify.annotations.NullMarked;
