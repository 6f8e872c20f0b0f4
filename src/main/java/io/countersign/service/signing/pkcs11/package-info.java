/**
 * Signing keys in a PKCS#11 token, through the JDK's own provider: made there, used there, never out of it. May import
 * {@code service.signing}. PKCS #11 Cryptographic Token Interface Base Specification 2.40.
 */
@NullMarked
package io.countersign.service.signing.pkcs11;

import org.jspecify.annotations.NullMarked;
