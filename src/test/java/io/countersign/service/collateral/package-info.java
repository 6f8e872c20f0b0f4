/** Tests of gathering, against a local server that plays AMD's Key Distribution Service and a clock moved by hand. */
@NullMarked
package io.countersign.service.collateral;

import org.jspecify.annotations.NullMarked;
