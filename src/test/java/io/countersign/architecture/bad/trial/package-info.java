/** Part of a small project that breaks the import rules, so that each is seen to fail. */
@NullMarked
package io.countersign.architecture.bad.trial;

import org.jspecify.annotations.NullMarked;
