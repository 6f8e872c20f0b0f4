/**
 * The registered relying parties and which policies each may ask for. May import {@code service.config} and the core's
 * {@code token}.
 */
@NullMarked
package io.countersign.service.audience;

import org.jspecify.annotations.NullMarked;
