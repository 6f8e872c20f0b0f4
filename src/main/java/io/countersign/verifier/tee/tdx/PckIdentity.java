package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.PlatformTcb;
import java.util.Optional;

/**
 * What a PCK certificate says about its platform: the SGX extension, OID 1.2.840.113741.1.13.1. Intel SGX PCK Certificate and
 * CRL Profile, section 1.4.4.
 *
 * @param ppid 16 bytes that identify the platform
 * @param tcb the component SVNs and the PCE SVN, which TCB info is matched with
 * @param cpuSvn 16 bytes
 * @param pceId 2 bytes
 * @param fmspc 6 bytes: the family of platforms
 * @param sgxType 0 standard, 1 scalable, 2 scalable with integrity
 * @param platformInstanceId 16 bytes; certificates of the Platform CA only
 */
record PckIdentity(
        Bytes ppid,
        PlatformTcb tcb,
        Bytes cpuSvn,
        Bytes pceId,
        Bytes fmspc,
        int sgxType,
        Optional<Bytes> platformInstanceId,
        Configuration configuration) {
    /** How the platform is set up; each is empty where the certificate does not say. */
    record Configuration(
            Optional<Boolean> dynamicPlatform, Optional<Boolean> cachedKeys, Optional<Boolean> smtEnabled) {
        static final Configuration UNSTATED = new Configuration(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
