/**
 * The policies that are loaded, from the shipped ones and a folder that is watched. May import the core's {@code policy}, and
 * {@code cases} and {@code trial} to run a policy's tests before it counts.
 */
@NullMarked
package io.countersign.service.policies;

import org.jspecify.annotations.NullMarked;
