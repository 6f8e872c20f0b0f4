/**
 * Intel TDX, and SGX, whose quotes are made and signed the same way: what is checked, who vouches for what, and the claims
 * that come out. The folders below read one thing each: {@code quote} the evidence, {@code collateral} Intel's statements
 * about platforms, {@code eventlog} what a guest says it measured.
 *
 * <p>Documents: Intel TDX DCAP Quote Generation Library and Quote Verification Library (DCAP 1.21 to 1.23); Intel SGX ECDSA
 * Quote Library API, rev. 0.9 and later (quote version 3); Intel TDX Module Base Architecture Specification (348549) and ABI
 * (348551); Intel SGX PCK Certificate and CRL Profile Specification, rev. 1.5; Intel PCS API, version 4.
 *
 * <p>May import everything of the core but other TEEs, {@code policy}, {@code result} and {@code token}.
 */
@NullMarked
package io.countersign.verifier.tee.tdx;

import org.jspecify.annotations.NullMarked;
