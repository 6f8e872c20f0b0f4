/**
 * Documents held to the code: generated pages are current, codes only ever grow, links lead somewhere, and examples are
 * what the service reads.
 */
@NullMarked
package io.countersign.docs;

import org.jspecify.annotations.NullMarked;
