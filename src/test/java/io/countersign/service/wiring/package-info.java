/** Tests of how settings become what the parts of the service take. */
@NullMarked
package io.countersign.service.wiring;

import org.jspecify.annotations.NullMarked;
