/**
 * A secret's way to the attested key: asked for and unwrapped by the machine, wrapped by the KMS. Imports the base package and
 * tokens. Implements RFC 7516 with the algorithms of RFC 7518 that the attested keys allow.
 */
@NullMarked
package io.countersign.client.release;

import org.jspecify.annotations.NullMarked;
