package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.PCE_SVN;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.enclave;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.identity;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.module;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.platform;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxLevel;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tcbInfo;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.td;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdxLevel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the status of a TDX module and of a quoting enclave bear on that of the platform: every combination. */
class ConvergenceTest {
    private static final String LATE_PART = "7";
    private static final String EARLY_PART = "3";

    /** A platform of the status, with a module and a quoting enclave of theirs ("-": older than every level). */
    private static TcbStatus judged(String platformStatus, String moduleStatus, String enclaveStatus) {
        TcbInfo info = tcbInfo(
                tdx(module("TDX_01", level(moduleStatus)), tdxLevel(BEST_SGX, PCE_SVN, BEST_TDX, platformStatus)));
        EnclaveIdentity identity = enclave(identity("TD_QE", level(enclaveStatus)));
        return TcbEvaluation.judge(info, identity, platform(BEST_SGX, PCE_SVN), td("5,1,4"), 5)
                .status();
    }

    private static String level(String status) {
        return status.equals("-") ? LATE_PART + " UpToDate" : EARLY_PART + " " + status;
    }

    @ParameterizedTest
    @CsvSource({
        "UpToDate, UpToDate, UpToDate",
        "UpToDate, OutOfDate, OutOfDate",
        "UpToDate, Revoked, Revoked",
        "UpToDate, -, TCB_LEVEL_NOT_SUPPORTED",
        "SWHardeningNeeded, UpToDate, SWHardeningNeeded",
        "SWHardeningNeeded, OutOfDate, OutOfDate",
        "SWHardeningNeeded, Revoked, Revoked",
        "SWHardeningNeeded, -, TCB_LEVEL_NOT_SUPPORTED",
        "ConfigurationNeeded, UpToDate, ConfigurationNeeded",
        "ConfigurationNeeded, OutOfDate, OutOfDateConfigurationNeeded",
        "ConfigurationNeeded, Revoked, Revoked",
        "ConfigurationNeeded, -, TCB_LEVEL_NOT_SUPPORTED",
        "ConfigurationAndSWHardeningNeeded, UpToDate, ConfigurationAndSWHardeningNeeded",
        "ConfigurationAndSWHardeningNeeded, OutOfDate, OutOfDateConfigurationNeeded",
        "ConfigurationAndSWHardeningNeeded, Revoked, Revoked",
        "ConfigurationAndSWHardeningNeeded, -, TCB_LEVEL_NOT_SUPPORTED",
        "OutOfDate, UpToDate, OutOfDate",
        "OutOfDate, OutOfDate, OutOfDate",
        "OutOfDate, Revoked, Revoked",
        "OutOfDate, -, TCB_LEVEL_NOT_SUPPORTED",
        "OutOfDateConfigurationNeeded, UpToDate, OutOfDateConfigurationNeeded",
        "OutOfDateConfigurationNeeded, OutOfDate, OutOfDateConfigurationNeeded",
        "OutOfDateConfigurationNeeded, Revoked, Revoked",
        "OutOfDateConfigurationNeeded, -, TCB_LEVEL_NOT_SUPPORTED",
        "Revoked, UpToDate, Revoked",
        "Revoked, OutOfDate, Revoked",
        "Revoked, Revoked, Revoked",
        "Revoked, -, TCB_LEVEL_NOT_SUPPORTED",
    })
    void aPartBearsOnThePlatformsStatus(String platform, String part, String expected) {
        assertEquals(expected, judged(platform, part, "UpToDate").word(), "as module");
        assertEquals(expected, judged(platform, "UpToDate", part).word(), "as quoting enclave");
        assertEquals(expected, judged(platform, part, part).word(), "as both");
        assertEquals(expected, sgxJudged(platform, part).word(), "as quoting enclave of SGX");
    }

    private static TcbStatus sgxJudged(String platformStatus, String enclaveStatus) {
        return TcbEvaluation.judge(
                        tcbInfo(sgx(sgxLevel(BEST_SGX, PCE_SVN, platformStatus))),
                        enclave(identity("QE", level(enclaveStatus))),
                        platform(BEST_SGX, PCE_SVN),
                        Optional.empty(),
                        5)
                .status();
    }

    @ParameterizedTest
    @CsvSource({
        "UpToDate, OutOfDate, Revoked, Revoked",
        "UpToDate, Revoked, OutOfDate, Revoked",
        "ConfigurationNeeded, OutOfDate, -, TCB_LEVEL_NOT_SUPPORTED",
        "ConfigurationNeeded, -, OutOfDate, TCB_LEVEL_NOT_SUPPORTED",
        "UpToDate, Revoked, -, TCB_LEVEL_NOT_SUPPORTED",
        "UpToDate, -, Revoked, TCB_LEVEL_NOT_SUPPORTED",
    })
    void theWorseOfTwoPartsWins(String platform, String module, String enclave, String expected) {
        assertEquals(expected, judged(platform, module, enclave).word());
    }

    @ParameterizedTest
    @EnumSource(TcbStatus.class)
    void aPartThatIsUpToDateChangesNothing(TcbStatus status) {
        assertEquals(status, status.convergedWith(TcbStatus.UP_TO_DATE));
    }

    @Test
    void adviceToRelaunchDoesNotOutliveAnEnclaveThatIsOutOfDate() {
        assertEquals(TcbStatus.OUT_OF_DATE, TcbStatus.TD_RELAUNCH_ADVISED.convergedWith(TcbStatus.OUT_OF_DATE));
        assertEquals(
                TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED,
                TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED.convergedWith(TcbStatus.OUT_OF_DATE));
        assertEquals(TcbStatus.REVOKED, TcbStatus.TD_RELAUNCH_ADVISED.convergedWith(TcbStatus.REVOKED));
    }

    @Test
    void noPartHasAPlatformsStatus() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TcbStatus.UP_TO_DATE.convergedWith(TcbStatus.CONFIGURATION_NEEDED));
    }
}
