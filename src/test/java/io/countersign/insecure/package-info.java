/** Tests of the software AMD: that it makes what AMD makes, byte for byte in form, and that its signatures hold. */
@NullMarked
package io.countersign.insecure;

import org.jspecify.annotations.NullMarked;
