/** Tests of the audience register. */
@NullMarked
package io.countersign.service.audience;

import org.jspecify.annotations.NullMarked;
