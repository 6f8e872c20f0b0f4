/**
 * Warns before platforms that are accepted today are refused: remembers those seen lately and judges them again by what the vendors
 * have published to count later. May import {@code trial}, the appraisal's bystanders, the policies that are loaded, Intel's early
 * channel of {@code collateral}, and the core; nothing here can slow, fail or change an answer.
 */
@NullMarked
package io.countersign.service.earlywarning;

import org.jspecify.annotations.NullMarked;
