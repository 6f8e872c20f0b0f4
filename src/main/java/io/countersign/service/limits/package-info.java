/**
 * How much one client may take of the service and how much all of them together: decisions only, with the clock handed in.
 * May import {@code service.collateral} (for who the client is), {@code service.verbs} and {@code service.api.problem}.
 */
@NullMarked
package io.countersign.service.limits;

import org.jspecify.annotations.NullMarked;
