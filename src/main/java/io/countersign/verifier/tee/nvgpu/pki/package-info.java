/**
 * How NVIDIA signs, its pinned roots, and chains that lead to them. May import {@code bytes}, {@code check} and {@code trust}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.pki;

import org.jspecify.annotations.NullMarked;
