/** The policies that are loaded, from the shipped ones and a folder. May import the core's {@code policy}. */
@NullMarked
package io.countersign.service.policies;

import org.jspecify.annotations.NullMarked;
