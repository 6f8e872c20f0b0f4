/** Tests of the signing keys. */
@NullMarked
package io.countersign.service.signing;

import org.jspecify.annotations.NullMarked;
