/** Shadow policies. */
@NullMarked
package io.countersign.service.shadow;

import org.jspecify.annotations.NullMarked;
