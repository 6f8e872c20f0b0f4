/** The stores, embedded and real. */
@NullMarked
package io.countersign.service.store;

import org.jspecify.annotations.NullMarked;
