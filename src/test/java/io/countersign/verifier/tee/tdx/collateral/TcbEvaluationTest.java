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
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxLevel;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxLevelVersion2;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxVersion2;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tcbInfo;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.td;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdxLevel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which level a TCB reaches, and which TDX modules are Intel's. */
class TcbEvaluationTest {
    private static final String BEST = tdxLevel(BEST_SGX, PCE_SVN, BEST_TDX, "UpToDate");
    private static final String LESSER = tdxLevel(LESSER_SGX, 5, LESSER_TDX, "OutOfDate", "INTEL-SA-00002");
    private static final String MODULES =
            module("TDX_03", "5 UpToDate") + "," + module("TDX_01", "11 UpToDate", "6 OutOfDate INTEL-SA-00001");
    private static final EnclaveIdentity TD_QE = enclave(identity("TD_QE", "4 UpToDate", "2 OutOfDate INTEL-SA-00003"));
    private static final EnclaveIdentity QE = enclave(identity("QE", "4 UpToDate"));

    private static TcbVerdict judged(String modules, String sgx, int pceSvn, Optional<ModuleTcb> td) {
        return TcbEvaluation.judge(tcbInfo(tdx(modules, BEST, LESSER)), TD_QE, platform(sgx, pceSvn), td, 4);
    }

    private static TcbVerdict judged(Optional<ModuleTcb> td) {
        return judged(MODULES, BEST_SGX, PCE_SVN, td);
    }

    @ParameterizedTest
    @CsvSource({
        "'4,4,2,2,4,1,0,5', 11, '5,0,4', UpToDate",
        "'255,4,2,2,4,1,0,5', 65535, '5,0,255', UpToDate",
        "'4,4,2,2,4,1,0,5', 10, '5,0,4', OutOfDate",
        "'4,3,2,2,4,1,0,5', 11, '5,0,4', OutOfDate",
        "'4,4,2,2,4,1,0,5', 11, '5,0,3', OutOfDate",
        "'3,3,2,2,3,1,0,5', 5, '5,0,3', OutOfDate",
        "'3,3,2,2,3,1,0,5', 4, '5,0,3', TCB_LEVEL_NOT_SUPPORTED",
        "'3,3,2,2,3,1,0,4', 11, '5,0,4', TCB_LEVEL_NOT_SUPPORTED",
        "'255,255,255,255,255,255,255,0', 11, '5,0,4', TCB_LEVEL_NOT_SUPPORTED",
        "'4,4,2,2,4,1,0,5', 11, '4,0,4', TCB_LEVEL_NOT_SUPPORTED",
        "'4,4,2,2,4,1,0,5', 11, '5,0,2', TCB_LEVEL_NOT_SUPPORTED",
    })
    void aTdReachesTheFirstLevelThatAllItsNumbersReach(String sgx, int pceSvn, String tdx, String expected) {
        TcbVerdict verdict = judged("", sgx, pceSvn, td(tdx));
        assertEquals(expected, verdict.status().word());
        assertTrue(verdict.module().isEmpty());
        assertEquals(expected.equals("UpToDate"), verdict.platform().level().equals(java.util.OptionalInt.of(0)));
    }

    @Test
    void everyComponentCounts() {
        String ones = String.join(",", Collections.nCopies(TcbComponents.COUNT, "1"));
        TcbInfo info = tcbInfo(tdx("", tdxLevel(ones, 1, "1,0" + ones.substring(3), "UpToDate")));
        for (int i = 0; i < TcbComponents.COUNT; i++) {
            String less = ones.substring(0, 2 * i) + "0" + ones.substring(2 * i + 1);
            assertEquals(
                    TcbStatus.TCB_LEVEL_NOT_SUPPORTED,
                    TcbEvaluation.judge(info, TD_QE, platform(less, 1), td("1,0" + ones.substring(3)), 4)
                            .status());
            if (i != 1) {
                String lessTdx = "1,0" + ones.substring(3);
                lessTdx = lessTdx.substring(0, 2 * i) + "0" + lessTdx.substring(2 * i + 1);
                assertEquals(
                        TcbStatus.TCB_LEVEL_NOT_SUPPORTED,
                        TcbEvaluation.judge(info, TD_QE, platform(ones, 1), td(lessTdx), 4)
                                .status());
            }
        }
        assertEquals(
                TcbStatus.UP_TO_DATE,
                TcbEvaluation.judge(info, TD_QE, platform(ones, 1), td("1,0" + ones.substring(3)), 4)
                        .status());
    }

    @ParameterizedTest
    @CsvSource({
        "'11,1,4', UpToDate",
        "'5,3,4', UpToDate",
        "'10,1,4', OutOfDate",
        "'6,1,255', OutOfDate",
        "'5,1,4', TCB_LEVEL_NOT_SUPPORTED",
        "'4,3,4', TCB_LEVEL_NOT_SUPPORTED",
        "'11,1,3', OutOfDate",
        "'11,1,2', TCB_LEVEL_NOT_SUPPORTED",
        "'0,1,4', TCB_LEVEL_NOT_SUPPORTED",
        "'11,2,4', TDX_MODULE_MISMATCH",
        "'255,255,255', TDX_MODULE_MISMATCH",
    })
    void aModuleOfALineOfItsOwnIsJudgedByThatLine(String tdx, String expected) {
        assertEquals(expected, judged(td(tdx)).status().word());
    }

    @Test
    void aLineIsFoundByVersionInHexDigitsOfEitherCase() {
        for (String id : List.of("TDX_1A", "TDX_1a", "tdx_1A")) {
            TcbVerdict verdict = judged(module(id, "1 UpToDate"), BEST_SGX, PCE_SVN, td("1,26,4"));
            assertEquals(TcbStatus.UP_TO_DATE, verdict.status(), id);
        }
    }

    @Test
    void withoutAnyLinesAVersionedModuleIsAMismatch() {
        TcbVerdict verdict = judged("", BEST_SGX, PCE_SVN, td("255,1,255"));
        assertEquals(TcbStatus.TDX_MODULE_MISMATCH, verdict.status());
        assertEquals("of TDX_01", verdict.moduleMismatches().getFirst().actual());
        assertTrue(verdict.hint().contains("TEE_TCB_SVN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11,1,4", "5,0,4"})
    void aModuleOfAnotherSignerIsAMismatchWhicheverWayItIsJudged(String svn) {
        var foreign = new ModuleTcb(
                MadeCollateral.bytes(svn),
                Optional.empty(),
                Bytes.concat(Bytes.zeros(47), Bytes.fromHex("01")),
                Bytes.zeros(8));
        TcbVerdict verdict = judged(Optional.of(foreign));
        assertEquals(TcbStatus.TDX_MODULE_MISMATCH, verdict.status());
        assertEquals("MRSIGNERSEAM", verdict.moduleMismatches().getFirst().field());
        assertEquals(1, verdict.moduleMismatches().size());
    }

    /** A mask of zeros would let any attribute pass. */
    @Test
    void attributesOfAModuleMustBeZeroWhateverTheMaskSays() {
        String open = MODULES.replace("FFFFFFFFFFFFFFFF", "0000000000000000");
        for (int i = 0; i < 64; i++) {
            byte[] attributes = new byte[8];
            attributes[i / 8] = (byte) (1 << i % 8);
            var odd = new ModuleTcb(
                    MadeCollateral.bytes("11,1,4"), Optional.empty(), Bytes.zeros(48), Bytes.copyOf(attributes));
            TcbVerdict verdict = judged(open, BEST_SGX, PCE_SVN, Optional.of(odd));
            assertEquals(TcbStatus.TDX_MODULE_MISMATCH, verdict.status());
            assertEquals("SEAMATTRIBUTES", verdict.moduleMismatches().getFirst().field());
        }
    }

    @Test
    void aModuleThatShouldHaveAttributesIsAMismatchWithoutThem() {
        String wanted = MODULES.replace("\"attributes\":\"00", "\"attributes\":\"01");
        TcbVerdict verdict = judged(wanted, BEST_SGX, PCE_SVN, td("11,1,4"));
        assertEquals(TcbStatus.TDX_MODULE_MISMATCH, verdict.status());
    }

    /** The signer of the line counts, not the one of modules without a line. */
    @Test
    void aLineHasItsOwnSigner() {
        String other = MODULES.replace("\"mrsigner\":\"00", "\"mrsigner\":\"0f");
        assertEquals(
                TcbStatus.TDX_MODULE_MISMATCH,
                judged(other, BEST_SGX, PCE_SVN, td("11,1,4")).status());
        var signed = new ModuleTcb(
                MadeCollateral.bytes("11,1,4"),
                Optional.empty(),
                Bytes.concat(Bytes.fromHex("0f"), Bytes.zeros(47)),
                Bytes.zeros(8));
        assertEquals(
                TcbStatus.UP_TO_DATE,
                judged(other, BEST_SGX, PCE_SVN, Optional.of(signed)).status());
    }

    @ParameterizedTest
    @CsvSource({"4, UpToDate", "5, UpToDate", "3, OutOfDate", "2, OutOfDate", "1, TCB_LEVEL_NOT_SUPPORTED"})
    void theQuotingEnclaveReachesALevelToo(int isvSvn, String expected) {
        TcbVerdict verdict = TcbEvaluation.judge(
                tcbInfo(tdx(MODULES, BEST)), TD_QE, platform(BEST_SGX, PCE_SVN), td("11,1,4"), isvSvn);
        assertEquals(expected, verdict.status().word());
        assertEquals(expected, verdict.quotingEnclave().status().word());
    }

    @Test
    void sgxQuotesAreJudgedWithoutAModule() {
        TcbInfo info = tcbInfo(sgx(sgxLevel(BEST_SGX, PCE_SVN, "SWHardeningNeeded", "INTEL-SA-00004")));
        TcbVerdict verdict = TcbEvaluation.judge(info, QE, platform(BEST_SGX, PCE_SVN), Optional.empty(), 4);
        assertEquals(TcbStatus.SW_HARDENING_NEEDED, verdict.status());
        assertTrue(verdict.module().isEmpty());
        assertEquals(List.of(), verdict.shortfalls());
    }

    @Test
    void tcbInfoOfVersion2JudgesSgx() {
        TcbInfo info = tcbInfo(sgxVersion2(
                sgxLevelVersion2(BEST_SGX, PCE_SVN, "UpToDate"), sgxLevelVersion2(LESSER_SGX, 5, "OutOfDate")));
        for (var each : Map.of(BEST_SGX, TcbStatus.UP_TO_DATE, LESSER_SGX, TcbStatus.OUT_OF_DATE)
                .entrySet()) {
            TcbVerdict verdict = TcbEvaluation.judge(info, QE, platform(each.getKey(), PCE_SVN), Optional.empty(), 4);
            assertEquals(each.getValue(), verdict.status());
        }
    }

    @Test
    void collateralOfAnotherKindNeverServes() {
        TcbInfo forTdx = tcbInfo(tdx(MODULES, BEST));
        TcbInfo forSgx = tcbInfo(sgx(sgxLevel("0", 0, "UpToDate")));
        PlatformTcb best = platform(BEST_SGX, PCE_SVN);
        Optional<ModuleTcb> td = td("11,1,4");
        assertEquals(
                TcbStatus.TDX_MODULE_MISMATCH,
                TcbEvaluation.judge(forSgx, TD_QE, best, td, 4).status());
        assertEquals(
                TcbStatus.TCB_LEVEL_NOT_SUPPORTED,
                TcbEvaluation.judge(forTdx, QE, best, Optional.empty(), 4).status());
        assertEquals(
                TcbStatus.TCB_LEVEL_NOT_SUPPORTED,
                TcbEvaluation.judge(forTdx, QE, best, td, 4).status());
        assertEquals(
                TcbStatus.TCB_LEVEL_NOT_SUPPORTED,
                TcbEvaluation.judge(forSgx, TD_QE, best, Optional.empty(), 4).status());
        TcbVerdict wrongEnclave = TcbEvaluation.judge(forTdx, QE, best, td, 4);
        assertTrue(wrongEnclave.hint().startsWith("Bring collateral of the quote's own kind"));
    }

    @Test
    void theOrderInWhichLevelsStandChangesNothing() {
        TcbInfo turned = tcbInfo(tdx(MODULES, LESSER, BEST));
        assertEquals(tcbInfo(tdx(MODULES, BEST, LESSER)), turned);
        assertEquals(
                TcbStatus.UP_TO_DATE,
                TcbEvaluation.judge(turned, TD_QE, platform(BEST_SGX, PCE_SVN), td("11,1,4"), 4)
                        .status());
    }

    @Test
    void gathersDatesAndAdvisoriesOfAllParts() {
        TcbVerdict verdict = TcbEvaluation.judge(
                tcbInfo(tdx(MODULES, BEST, LESSER)), TD_QE, platform(LESSER_SGX, PCE_SVN), td("6,1,3"), 2);
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.status());
        assertEquals(List.of("INTEL-SA-00001", "INTEL-SA-00002", "INTEL-SA-00003"), verdict.advisoryIds());
        assertEquals(
                Map.of(
                        TcbPart.PLATFORM,
                        List.of("INTEL-SA-00002"),
                        TcbPart.TDX_MODULE,
                        List.of("INTEL-SA-00001"),
                        TcbPart.QUOTING_ENCLAVE,
                        List.of("INTEL-SA-00003")),
                verdict.advisoryIdsByPart());
        assertEquals(Optional.of(Instant.parse("2025-08-13T00:00:00Z")), verdict.tcbDate());
        assertEquals(Optional.of(Instant.parse("2025-05-14T00:00:00Z")), verdict.earliestTcbDate());
    }

    @Test
    void platformsAndModulesHaveAllTheirNumbers() {
        List<Integer> fifteen = Collections.nCopies(15, 1);
        List<Integer> large = Collections.nCopies(16, 256);
        List<Integer> negative = Collections.nCopies(16, -1);
        for (List<Integer> svns : List.of(fifteen, large, negative)) {
            assertThrows(IllegalArgumentException.class, () -> new PlatformTcb(svns, 1));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new ModuleTcb(Bytes.zeros(15), Optional.empty(), Bytes.zeros(48), Bytes.zeros(8)));
    }
}
