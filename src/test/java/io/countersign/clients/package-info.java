/**
 * The boot client in shell, run as machines run it, against a service and a kernel that say what a test wants. Imports the
 * software attester and the verifier's binding, to compare with.
 */
@NullMarked
package io.countersign.clients;

import org.jspecify.annotations.NullMarked;
