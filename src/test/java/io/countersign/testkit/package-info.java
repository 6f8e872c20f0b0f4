/**
 * What tests of every package share: the software AMDs whose keys everybody knows, the cases in {@code fixtures/}, and the
 * generator that wrote them.
 */
@NullMarked
package io.countersign.testkit;

import org.jspecify.annotations.NullMarked;
