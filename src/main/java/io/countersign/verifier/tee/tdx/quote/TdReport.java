package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.List;
import java.util.Optional;

/**
 * A TD as its quote describes it. Intel TDX DCAP Quote Generation Library, "Quote Format", TD Quote Body for TDX 1.0 and 1.5.
 *
 * @param teeTcbSvn 16 bytes: the TDX module's minor and major SVN, the late microcode update, zeros
 * @param mrSignerSeam zeros for a module that Intel signed
 * @param rtmrs RTMR0 to RTMR3
 * @param later what only TDX 1.5 bodies have
 */
public record TdReport(
        Bytes teeTcbSvn,
        Bytes mrSeam,
        Bytes mrSignerSeam,
        Bytes seamAttributes,
        TdAttributes tdAttributes,
        Xfam xfam,
        Bytes mrTd,
        Bytes mrConfigId,
        Bytes mrOwner,
        Bytes mrOwnerConfig,
        List<Bytes> rtmrs,
        Bytes reportData,
        Optional<Later> later)
        implements QuoteBody {
    public static final int LENGTH_1_0 = 584;
    public static final int LENGTH_1_5 = 648;

    /**
     * The fields that TDX 1.5 added.
     *
     * @param teeTcbSvn2 of the module that is loaded now, where TEE_TCB_SVN is the one at the TD's launch
     * @param mrServiceTd digest over the bound service TDs, zeros when there are none
     */
    public record Later(Bytes teeTcbSvn2, Bytes mrServiceTd) {}

    public TdReport {
        rtmrs = List.copyOf(rtmrs);
    }

    static TdReport read(ByteCursor in) throws MalformedEvidenceException {
        return new TdReport(
                in.at(0).bytes(16), // TEE_TCB_SVN
                in.at(16).bytes(48), // MRSEAM
                in.at(64).bytes(48), // MRSIGNERSEAM
                in.at(112).bytes(8), // SEAMATTRIBUTES
                new TdAttributes(in.at(120).bytes(8)), // TDATTRIBUTES
                new Xfam(in.at(128).bytes(8)), // XFAM
                in.at(136).bytes(48), // MRTD
                in.at(184).bytes(48), // MRCONFIGID
                in.at(232).bytes(48), // MROWNER
                in.at(280).bytes(48), // MROWNERCONFIG
                List.of(
                        in.at(328).bytes(48), // RTMR0
                        in.at(376).bytes(48), // RTMR1
                        in.at(424).bytes(48), // RTMR2
                        in.at(472).bytes(48)), // RTMR3
                in.at(520).bytes(64), // REPORTDATA
                in.remaining() == 0
                        ? Optional.empty()
                        : Optional.of(new Later(
                                in.at(584).bytes(16), // TEE_TCB_SVN2
                                in.at(600).bytes(48)))); // MRSERVICETD
    }
}
