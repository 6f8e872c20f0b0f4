/** The service's configuration, typed and documented where it is declared. Imports nothing of Countersign. */
@NullMarked
package io.countersign.service.config;

import org.jspecify.annotations.NullMarked;
