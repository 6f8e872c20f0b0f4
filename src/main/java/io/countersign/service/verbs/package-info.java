/**
 * The six verbs as an operator sees them in times and traces. May import nothing; whatever does one of the verbs says so here.
 */
@NullMarked
package io.countersign.service.verbs;

import org.jspecify.annotations.NullMarked;
