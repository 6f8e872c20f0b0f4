/** Health and metrics: what an operator looks at. */
@NullMarked
package io.countersign.service.ops;

import org.jspecify.annotations.NullMarked;
