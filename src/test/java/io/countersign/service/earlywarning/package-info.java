/** Tests of the early warning. */
@NullMarked
package io.countersign.service.earlywarning;

import org.jspecify.annotations.NullMarked;
