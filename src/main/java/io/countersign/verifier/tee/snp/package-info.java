/**
 * AMD SEV-SNP: the attestation report, its VCEK or VLEK certificate, AMD's revocation lists, and what they say together.
 *
 * <p>Implements AMD publication 56860 "SEV-SNP Firmware ABI" (revisions 1.55 to 1.58), 57230 "VCEK Certificate and KDS
 * Interface" and the certificate table of 56421 "GHCB Standardization". May import everything of the core but
 * {@code policy}, {@code result}, {@code token} and other TEEs.
 */
@NullMarked
package io.countersign.verifier.tee.snp;

import org.jspecify.annotations.NullMarked;
