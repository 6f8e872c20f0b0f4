/** How Intel's collateral is read and what it says about a TCB: genuine documents, hand-made ones, and damaged ones. */
@org.jspecify.annotations.NullMarked
package io.countersign.verifier.tee.tdx.collateral;
