/** Tests of imports: lists, folders and hostile text, on the way to values files. */
@NullMarked
package io.countersign.imports;

import org.jspecify.annotations.NullMarked;
