/** Tests of signing keys in PKCS#11 tokens, with SoftHSM where it is installed. */
@NullMarked
package io.countersign.service.signing.pkcs11;

import org.jspecify.annotations.NullMarked;
