/** Tests of what one client may take of the service and all of them together, with a clock that is set by hand. */
@NullMarked
package io.countersign.service.limits;

import org.jspecify.annotations.NullMarked;
