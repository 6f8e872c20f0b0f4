/** Tests of results as JSON. */
@NullMarked
package io.countersign.service.api.result;

import org.jspecify.annotations.NullMarked;
