/** Tests of policies, replay, comparison. */
@NullMarked
package io.countersign.trial;

import org.jspecify.annotations.NullMarked;
