/**
 * Trying policies before they count: their tests, replaying recorded cases, comparing two of them. Uses the core as the service
 * does, and makes nothing that could become a token. May import the core and {@code cases}.
 */
@NullMarked
package io.countersign.trial;

import org.jspecify.annotations.NullMarked;
