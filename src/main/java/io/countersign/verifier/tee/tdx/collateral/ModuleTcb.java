package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/**
 * What a TD quote says about the TDX module: Intel TDX DCAP Quoting Library API, "TD Report 1.0 body" and "1.5 body".
 *
 * @param teeTcbSvn TEE_TCB_SVN, 16 bytes, as of the TD's launch: [0] the module's number, [1] its version, [2] late microcode
 * @param teeTcbSvn2 TEE_TCB_SVN2, 16 bytes, as of now; only the 1.5 body has it
 * @param mrSignerSeam 48 bytes
 * @param seamAttributes 8 bytes
 */
public record ModuleTcb(Bytes teeTcbSvn, Optional<Bytes> teeTcbSvn2, Bytes mrSignerSeam, Bytes seamAttributes) {
    static final int MR_SIGNER_SEAM_LENGTH = 48;
    static final int SEAM_ATTRIBUTES_LENGTH = 8;

    public ModuleTcb {
        Masked.requireLength("TEE_TCB_SVN", teeTcbSvn, TcbComponents.COUNT);
        teeTcbSvn2.ifPresent(svn -> Masked.requireLength("TEE_TCB_SVN2", svn, TcbComponents.COUNT));
        Masked.requireLength("MRSIGNERSEAM", mrSignerSeam, MR_SIGNER_SEAM_LENGTH);
        Masked.requireLength("SEAMATTRIBUTES", seamAttributes, SEAM_ATTRIBUTES_LENGTH);
    }
}
