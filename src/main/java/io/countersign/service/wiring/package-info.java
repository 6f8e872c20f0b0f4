/** Where everything is put together: the only place that knows every part. */
@NullMarked
package io.countersign.service.wiring;

import org.jspecify.annotations.NullMarked;
