/**
 * Reference integrity manifests: NVIDIA's signed golden values for one driver or firmware. May import {@code bytes}, {@code check}, {@code trust} and {@code pki}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.rim;

import org.jspecify.annotations.NullMarked;
