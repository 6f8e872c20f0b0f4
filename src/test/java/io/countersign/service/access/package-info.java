/** Tests of who may ask for what. */
@NullMarked
package io.countersign.service.access;

import org.jspecify.annotations.NullMarked;
