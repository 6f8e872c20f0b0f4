/**
 * Errors as their callers see them: RFC 9457 documents with a stable code and a page each under docs/problems. May import
 * nothing of the core but {@code bytes}.
 */
@NullMarked
package io.countersign.service.api.problem;

import org.jspecify.annotations.NullMarked;
