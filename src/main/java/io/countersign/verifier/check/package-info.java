/**
 * What is checked and how each check ended. A TEE declares its checks in an enum; a report holds exactly one outcome for
 * each of them, so that a forgotten check is an error and never a silent pass. Imports nothing of Countersign.
 */
@NullMarked
package io.countersign.verifier.check;

import org.jspecify.annotations.NullMarked;
