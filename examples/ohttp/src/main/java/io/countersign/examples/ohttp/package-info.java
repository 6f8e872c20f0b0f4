/**
 * An OHTTP gateway (RFC 9458) whose HPKE key is the attested key, and a client that checks this before it encrypts. To be read as
 * one piece; imports nothing else of Countersign.
 */
@NullMarked
package io.countersign.examples.ohttp;

import org.jspecify.annotations.NullMarked;
