/** Tests of gathering, against local servers that play AMD's KDS, Intel's PCS or a PCCS, and a clock moved by hand. */
@NullMarked
package io.countersign.service.collateral;

import org.jspecify.annotations.NullMarked;
