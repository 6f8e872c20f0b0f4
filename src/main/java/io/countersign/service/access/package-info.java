/**
 * Who may ask for what: which role each route needs, and how a caller shows who he is, by secret, client certificate or an
 * issuer's token. May import {@code service.caller}, {@code service.config}, {@code service.api.problem} and the core's
 * {@code bytes}. Documents: RFC 6750, RFC 7515 to 7519, RFC 8725, RFC 5280.
 */
@NullMarked
package io.countersign.service.access;

import org.jspecify.annotations.NullMarked;
