/**
 * A relying party's questions to the service: does this token still count, and is this machine's evidence good. Imports the base
 * package and tokens. Implements RFC 7662 and the contract's section 5.
 */
@NullMarked
package io.countersign.client.relying;

import org.jspecify.annotations.NullMarked;
