/** The audit log without a service. */
@NullMarked
package io.countersign.service.audit;

import org.jspecify.annotations.NullMarked;
