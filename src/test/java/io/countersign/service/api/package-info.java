/** Tests of the resources' parts that need no running service. */
@NullMarked
package io.countersign.service.api;

import org.jspecify.annotations.NullMarked;
