/**
 * Holds the import rules that the package descriptions and docs/architecture.md state in words. The folder {@code bad}
 * beside it is a small project that breaks every one of them, so that each rule is seen to fail.
 */
@NullMarked
package io.countersign.architecture;

import org.jspecify.annotations.NullMarked;
