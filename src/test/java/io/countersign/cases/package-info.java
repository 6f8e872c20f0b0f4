/** Cases: what is read, and what is refused with a sentence. */
@NullMarked
package io.countersign.cases;

import org.jspecify.annotations.NullMarked;
