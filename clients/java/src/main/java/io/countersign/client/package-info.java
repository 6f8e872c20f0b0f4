/**
 * What both sides share: addresses, HTTP with bounds, strict JSON, problems and the outcome of an attestation. Imports no other
 * package of this client.
 */
@NullMarked
package io.countersign.client;

import org.jspecify.annotations.NullMarked;
