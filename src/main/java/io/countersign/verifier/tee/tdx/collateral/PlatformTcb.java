package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;

/**
 * What a platform has according to its PCK certificate: Intel SGX PCK Certificate and CRL Profile, SGX extension, {@code TCB}.
 *
 * @param sgxComponents 16 numbers from 0 to 255
 * @param pceSvn from 0 to 65535
 */
public record PlatformTcb(List<Integer> sgxComponents, int pceSvn) {
    public PlatformTcb {
        sgxComponents = List.copyOf(sgxComponents);
        if (sgxComponents.size() != TcbComponents.COUNT
                || !sgxComponents.stream().allMatch(svn -> svn >= 0 && svn <= 0xFF)
                || pceSvn < 0
                || pceSvn > 0xFFFF) {
            throw new IllegalArgumentException(
                    "16 components from 0 to 255 and a PCESVN from 0 to 65535 were expected");
        }
    }

    /** The components, a byte each. */
    Bytes svns() {
        byte[] svns = new byte[TcbComponents.COUNT];
        for (int i = 0; i < svns.length; i++) {
            svns[i] = sgxComponents.get(i).byteValue();
        }
        return Bytes.copyOf(svns);
    }
}
