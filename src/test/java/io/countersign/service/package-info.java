/**
 * The contract over HTTP: sections 5 to 7 of the design against the running service, in three configurations. Every answer
 * that these tests read is also held against the published schemas and the rules for problems.
 */
@NullMarked
package io.countersign.service;

import org.jspecify.annotations.NullMarked;
