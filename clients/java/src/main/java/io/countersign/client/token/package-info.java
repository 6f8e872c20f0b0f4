/**
 * Offline verification of Countersign's tokens, for relying parties. Imports the base package only. Implements the contract's
 * section 7, RFC 7515, RFC 7519 and RFC 8725.
 */
@NullMarked
package io.countersign.client.token;

import org.jspecify.annotations.NullMarked;
