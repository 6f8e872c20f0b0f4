/** Tests of what the API does before and after anything is judged. */
@NullMarked
package io.countersign.service.api;

import org.jspecify.annotations.NullMarked;
