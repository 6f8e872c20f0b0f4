@NullMarked
package io.countersign.verifier.policy.logic;

import org.jspecify.annotations.NullMarked;
