/**
 * What Intel publishes about platforms and quoting enclaves, and the TCB verdict that follows from it: {@code SignedCollateral}
 * cuts out the bytes that Intel signed, {@code TcbInfo} and {@code EnclaveIdentity} read those bytes, {@code TcbEvaluation}
 * judges. Signatures, windows of time, and whether collateral is of the platform's family are judged by whoever asks.
 *
 * <p>Documents: Intel SGX and TDX Provisioning Certification Service API, version 4 ("Get TDX TCB Info", "Get SGX TCB Info",
 * "Get TDX QE Identity", "Get SGX QE Identity"), and version 3 for TCB info of version 2; Intel TDX DCAP Quote Verification
 * Library (DCAP 1.21 to 1.23) for how levels are matched and statuses converge.
 *
 * <p>May import {@code bytes}, {@code trust} and {@code quote}.
 */
@NullMarked
package io.countersign.verifier.tee.tdx.collateral;

import org.jspecify.annotations.NullMarked;
