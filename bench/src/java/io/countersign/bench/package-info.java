/** Measurements: JMH benchmarks of the core and a load run of the service. Nothing of the product imports them. */
@NullMarked
package io.countersign.bench;

import org.jspecify.annotations.NullMarked;
