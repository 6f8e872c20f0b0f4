/** Tests of the register of callers. */
@NullMarked
package io.countersign.service.caller;

import org.jspecify.annotations.NullMarked;
