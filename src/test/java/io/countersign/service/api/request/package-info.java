/** Tests of how headers and forms are read. */
@NullMarked
package io.countersign.service.api.request;

import org.jspecify.annotations.NullMarked;
