/** Tests of signed CoRIMs, made with another library of CBOR than the one that reads them. */
@NullMarked
package io.countersign.imports.corim;

import org.jspecify.annotations.NullMarked;
