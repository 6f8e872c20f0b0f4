/**
 * Signed CoRIMs: draft-ietf-rats-corim-11 in COSE_Sign1 (RFC 9052), read by an own strict reader of CBOR (RFC 8949), and what of
 * their reference values this service's claims can be compared with. May import {@code imports}, the core's bytes and trust, and
 * Bouncy Castle for keys.
 */
@NullMarked
package io.countersign.imports.corim;

import org.jspecify.annotations.NullMarked;
