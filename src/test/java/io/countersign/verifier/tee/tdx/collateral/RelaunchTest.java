package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.PCE_SVN;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.enclave;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.identity;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.module;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.platform;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tcbInfo;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.td;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdxLevel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A TD that was launched before its host was updated: when a restart is all that it takes, and when it is not. */
class RelaunchTest {
    private static final String MODULES = module("TDX_03", "5 UpToDate", "3 OutOfDate") + ","
            + module("TDX_01", "11 UpToDate", "6 OutOfDate", "2 Revoked");

    /** Launched under TDX_01 with 6 and late microcode 3. */
    private static final String LAUNCHED = "6,1,3";

    private static final String NOW = "11,1,4";

    private static TcbVerdict judged(
            String bestStatus, String lesserStatus, Optional<ModuleTcb> td, String sgx, String qeLevel) {
        TcbInfo info = tcbInfo(tdx(
                MODULES,
                tdxLevel(BEST_SGX, PCE_SVN, BEST_TDX, bestStatus),
                tdxLevel(LESSER_SGX, PCE_SVN, LESSER_TDX, lesserStatus)));
        return TcbEvaluation.judge(info, enclave(identity("TD_QE", qeLevel)), platform(sgx, PCE_SVN), td, 5);
    }

    private static TcbStatus judged(Optional<ModuleTcb> td) {
        return judged("UpToDate", "OutOfDate", td, BEST_SGX, "4 UpToDate").status();
    }

    @Test
    void isAdvisedWhenOnlyWhatTheTdKeepsFromItsLaunchIsOld() {
        TcbVerdict verdict = judged("UpToDate", "OutOfDate", td(LAUNCHED, NOW), BEST_SGX, "4 UpToDate");
        assertEquals(TcbStatus.TD_RELAUNCH_ADVISED, verdict.status());
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.platform().status());
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.module().orElseThrow().status());
        assertTrue(verdict.hint().startsWith("Restart the TD"));
    }

    @ParameterizedTest
    @CsvSource({
        "UpToDate, OutOfDate, TDRelaunchAdvised",
        "SWHardeningNeeded, OutOfDate, TDRelaunchAdvised",
        "ConfigurationNeeded, OutOfDate, TDRelaunchAdvisedConfigurationNeeded",
        "ConfigurationAndSWHardeningNeeded, OutOfDate, TDRelaunchAdvisedConfigurationNeeded",
        "UpToDate, OutOfDateConfigurationNeeded, TDRelaunchAdvisedConfigurationNeeded",
        "UpToDate, ConfigurationNeeded, TDRelaunchAdvisedConfigurationNeeded",
        "UpToDate, SWHardeningNeeded, TDRelaunchAdvised",
        "OutOfDate, OutOfDate, OutOfDate",
        "OutOfDateConfigurationNeeded, OutOfDate, OutOfDate",
        "Revoked, OutOfDate, OutOfDate",
        "UpToDate, Revoked, Revoked",
    })
    void dependsOnTheLevelsThatThePlatformReaches(String sgxLevel, String reached, String expected) {
        assertEquals(
                expected,
                judged(sgxLevel, reached, td(LAUNCHED, NOW), BEST_SGX, "4 UpToDate")
                        .status()
                        .word());
    }

    @Test
    void isNotAdvisedForABodyThatDoesNotStateTheModuleOfNow() {
        assertEquals(TcbStatus.OUT_OF_DATE, judged(td(LAUNCHED)));
    }

    @ParameterizedTest
    @CsvSource({"4 OutOfDate, OutOfDate", "4 Revoked, Revoked", "6 UpToDate, TCB_LEVEL_NOT_SUPPORTED"})
    void isNotAdvisedWhereTheQuotingEnclaveIsNotUpToDate(String level, String expected) {
        assertEquals(
                expected,
                judged("UpToDate", "OutOfDate", td(LAUNCHED, NOW), BEST_SGX, level)
                        .status()
                        .word());
    }

    @Test
    void isNotAdvisedWhereThePlatformItselfIsOld() {
        TcbVerdict verdict = judged("UpToDate", "OutOfDate", td(LAUNCHED, NOW), LESSER_SGX, "4 UpToDate");
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.status());
    }

    @Test
    void isNotAdvisedWhereTheModuleWasUpToDateAtLaunch() {
        assertEquals(TcbStatus.OUT_OF_DATE, judged(td("11,1,3", NOW)));
    }

    @Test
    void isNotAdvisedForAModuleThatThePlatformsLevelsJudge() {
        assertEquals(TcbStatus.OUT_OF_DATE, judged(td("5,0,3", NOW)));
    }

    @Test
    void isNotAdvisedWhereTheModuleIsRevoked() {
        assertEquals(TcbStatus.REVOKED, judged(td("2,1,3", NOW)));
    }

    @Test
    void isNotAdvisedWhereNothingIsOld() {
        assertEquals(TcbStatus.UP_TO_DATE, judged(td("11,1,4", NOW)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11,1,4", "12,1,4", "11,1,5", "5,3,4", "5,0,4", "255,0,255"})
    void isAdvisedWhereTheModuleOfNowIsTheBest(String now) {
        assertEquals(TcbStatus.TD_RELAUNCH_ADVISED, judged(td(LAUNCHED, now)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10,1,4", "11,1,3", "6,1,3", "4,3,4", "5,3,3", "4,0,4", "5,0,3", "0,0,0"})
    void isNotAdvisedWhereTheModuleOfNowIsOldToo(String now) {
        assertEquals(TcbStatus.OUT_OF_DATE, judged(td(LAUNCHED, now)));
    }

    @Test
    void aModuleOfNowThatIntelDoesNotListIsAMismatch() {
        TcbVerdict verdict = judged("UpToDate", "OutOfDate", td(LAUNCHED, "11,2,4"), BEST_SGX, "4 UpToDate");
        assertEquals(TcbStatus.TDX_MODULE_MISMATCH, verdict.status());
        assertEquals("TEE_TCB_SVN2", verdict.moduleMismatches().getFirst().field());
    }

    /** Nobody asks for a relaunch then, so nothing of the check shows in the status. */
    @Test
    void theModuleOfNowIsNotLookedAtWhereTheQuotingEnclaveIsOld() {
        assertEquals(
                TcbStatus.OUT_OF_DATE,
                judged("UpToDate", "OutOfDate", td(LAUNCHED, "11,2,4"), BEST_SGX, "4 OutOfDate")
                        .status());
        assertEquals(
                TcbStatus.OUT_OF_DATE,
                judged("ConfigurationNeeded", "OutOfDate", td(LAUNCHED, NOW), BEST_SGX, "4 OutOfDate")
                        .status());
    }
}
