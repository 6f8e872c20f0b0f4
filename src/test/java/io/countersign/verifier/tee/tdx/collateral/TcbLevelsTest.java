package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.module;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxLevel;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxLevelVersion2;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.sgxVersion2;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tcbInfo;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdx;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.tdxLevel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the levels of a TCB info must be, and how they are ordered. */
class TcbLevelsTest {
    private static final String MODULES =
            module("TDX_03", "5 UpToDate") + "," + module("TDX_01", "6 OutOfDate", "11 UpToDate");
    private static final String BEST = tdxLevel(BEST_SGX, 11, BEST_TDX, "UpToDate");
    private static final String LESSER = tdxLevel(LESSER_SGX, 5, LESSER_TDX, "OutOfDate", "INTEL-SA-00001");
    private static final String TDX = tdx(MODULES, BEST, LESSER);
    private static final String SGX = sgx(sgxLevel(BEST_SGX, 11, "UpToDate"));
    private static final String OLD = sgxVersion2(sgxLevelVersion2(BEST_SGX, 11, "UpToDate"));
    private static final String SIXTEENTH = ",{\"svn\":0}]";

    private static String refusal(String body) {
        return assertThrows(MalformedCollateralException.class, () -> TcbInfo.parse(Bytes.utf8(body)), body)
                .getMessage();
    }

    /** The document with one thing changed; the change must take. */
    private static String with(String document, String old, String changed) {
        String result = document.replace(old, changed);
        assertTrue(!result.equals(document), old);
        return result;
    }

    @Test
    void levelsAreOrderedBestFirst() {
        String[] levels = {
            tdxLevel("4,4", 11, "5,0,4", "UpToDate"),
            tdxLevel("4,4", 11, "5,0,3", "OutOfDate"),
            tdxLevel("4,4", 11, "4,9,9", "OutOfDate"),
            tdxLevel("4,4", 5, "9,9,9", "OutOfDate"),
            tdxLevel("4,3,255", 65535, "9,9,9", "OutOfDate"),
            tdxLevel("3,200", 1, "0", "OutOfDate"),
            tdxLevel("3,100", 1, "0", "OutOfDate"),
        };
        TcbInfo ordered = tcbInfo(tdx("", levels));
        assertEquals("0404", ordered.levels().getFirst().sgx().svns().toString().substring(0, 4));
        assertEquals(200, ordered.levels().get(5).sgx().svn(1));
        assertEquals(
                ordered, tcbInfo(tdx("", levels[6], levels[2], levels[0], levels[4], levels[1], levels[5], levels[3])));
        for (int i = 0; i < levels.length; i++) {
            assertEquals(
                    tcbInfo(tdx("", levels[i])).levels().getFirst(),
                    ordered.levels().get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "256",
                "1.5",
                "\"4\"",
                "4e0",
                "4.0",
                "null",
                "true",
                "[4]",
                "-0",
                "65540",
                "4294967300",
                "99999999999999999999999",
                "1e-400"
            })
    void aComponentIsAnIntegerFrom0To255(String svn) {
        String message =
                refusal(with(TDX, "\"tdxtcbcomponents\":[{\"svn\":5", "\"tdxtcbcomponents\":[{\"svn\":" + svn));
        assertTrue(message.endsWith("an integer from 0 to 255 was expected"), message);
        assertTrue(message.startsWith("tcbInfo/tcbLevels/0/tcb/tdxtcbcomponents/0/svn is "), message);
        refusal(with(SGX, "[{\"svn\":4", "[{\"svn\":" + svn));
        refusal(with(OLD, "\"sgxtcbcomp01svn\":4", "\"sgxtcbcomp01svn\":" + svn));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "11.0", "\"11\"", "1e1"})
    void thePcesNumberIsAnIntegerFrom0To65535(String svn) {
        assertTrue(refusal(with(TDX, "\"pcesvn\":11", "\"pcesvn\":" + svn)).contains("pcesvn is"));
    }

    @Test
    void numbersAtTheirBordersAreRead() {
        TcbInfo info = tcbInfo(tdx("", tdxLevel("255,0", 65535, "255", "UpToDate")));
        assertEquals(255, info.levels().getFirst().sgx().svn(0));
        assertEquals(65535, info.levels().getFirst().pceSvn());
    }

    @Test
    void aLevelHasExactly16Components() {
        assertTrue(refusal(with(SGX, SIXTEENTH, "]")).contains("has 15 entries"));
        assertTrue(refusal(with(SGX, SIXTEENTH, SIXTEENTH.replace("]", "") + SIXTEENTH))
                .contains("has 17 entries"));
        assertTrue(refusal(with(TDX, SIXTEENTH, "]")).contains("has 15 entries"));
        assertTrue(refusal(with(TDX, SIXTEENTH + "},", SIXTEENTH.replace("]", "") + SIXTEENTH + "},"))
                .contains("tdxtcbcomponents has 17 entries"));
        assertTrue(refusal(with(OLD, "\"sgxtcbcomp16svn\":0,", "")).contains("sgxtcbcomp16svn is missing"));
        refusal(with(OLD, "\"sgxtcbcomp16svn\":0,", "\"sgxtcbcomp16svn\":0,\"sgxtcbcomp17svn\":0,"));
        assertTrue(refusal(with(TDX, "\"tdxtcbcomponents\"", "\"x\"")).contains("tdxtcbcomponents is missing"));
        assertTrue(refusal(with(TDX, "\"sgxtcbcomponents\"", "\"x\"")).contains("sgxtcbcomponents is missing"));
        refusal(with(TDX, "{\"svn\":0}]", "0]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uptodate",
                "UpToDate ",
                "",
                "TDRelaunchAdvised",
                "TDRelaunchAdvisedConfigurationNeeded",
                "TCB_LEVEL_NOT_SUPPORTED",
                "TDX_MODULE_MISMATCH",
                "Fine"
            })
    void aStatusThatIntelDoesNotListIsRefused(String word) {
        assertTrue(refusal(tdx("", tdxLevel("1", 1, "1", word))).contains("tcbStatus is"));
    }

    @ParameterizedTest
    @CsvSource({
        "UpToDate, UP_TO_DATE",
        "SWHardeningNeeded, SW_HARDENING_NEEDED",
        "ConfigurationNeeded, CONFIGURATION_NEEDED",
        "ConfigurationAndSWHardeningNeeded, CONFIGURATION_AND_SW_HARDENING_NEEDED",
        "OutOfDate, OUT_OF_DATE",
        "OutOfDateConfigurationNeeded, OUT_OF_DATE_CONFIGURATION_NEEDED",
        "Revoked, REVOKED"
    })
    void everyStatusThatIntelListsIsRead(String word, TcbStatus status) {
        assertEquals(
                status,
                tcbInfo(tdx("", tdxLevel("1", 1, "1", word)))
                        .levels()
                        .getFirst()
                        .status());
    }

    @Test
    void noTwoLevelsHaveTheSameNumbers() {
        assertTrue(refusal(tdx("", BEST, LESSER, BEST)).contains("two levels"));
        assertTrue(refusal(tdx("", BEST, tdxLevel(BEST_SGX, 11, BEST_TDX, "OutOfDate")))
                .contains("two levels"));
        assertTrue(refusal(sgx(sgxLevel("1", 1, "UpToDate"), sgxLevel("1", 1, "Revoked")))
                .contains("two levels"));
        assertTrue(refusal(tdx("")).contains("at least one level"));
    }

    @Test
    void aLevelHasADate() {
        assertTrue(refusal(with(TDX, "2025-08-13T00:00:00Z", "2025-08-13")).contains("tcbDate is"));
        assertTrue(refusal(with(TDX, "2025-08-13T00:00:00Z", "+12025-08-13T00:00:00Z"))
                .contains("tcbDate is"));
    }
}
