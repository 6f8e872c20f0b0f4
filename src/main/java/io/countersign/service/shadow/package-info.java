/**
 * Policies that only count what they would say, beside the one that answers. May import {@code trial}, the appraisal's
 * bystanders, the policies that are loaded, and the core; nothing here can slow, fail or change an answer.
 */
@NullMarked
package io.countersign.service.shadow;

import org.jspecify.annotations.NullMarked;
