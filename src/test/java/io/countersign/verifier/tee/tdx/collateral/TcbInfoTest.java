package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.BEST_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_SGX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.LESSER_TDX;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.SIGNER;
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
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a TCB info must be, and what it must not be. */
class TcbInfoTest {
    private static final String MODULES =
            module("TDX_03", "5 UpToDate") + "," + module("TDX_01", "6 OutOfDate", "11 UpToDate");
    private static final String BEST = tdxLevel(BEST_SGX, 11, BEST_TDX, "UpToDate");
    private static final String LESSER = tdxLevel(LESSER_SGX, 5, LESSER_TDX, "OutOfDate", "INTEL-SA-00001");
    private static final String TDX = tdx(MODULES, BEST, LESSER);
    private static final String SGX = sgx(sgxLevel(BEST_SGX, 11, "UpToDate"));
    private static final String OLD = sgxVersion2(sgxLevelVersion2(BEST_SGX, 11, "UpToDate"));

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
    void readsEveryMember() {
        TcbInfo info = tcbInfo(TDX);
        assertEquals(TeeType.TDX, info.tee());
        assertEquals(3, info.version());
        assertEquals(Instant.parse("2026-08-01T00:00:00Z"), info.issueDate());
        assertEquals(Instant.parse("2026-09-01T00:00:00Z"), info.nextUpdate());
        assertEquals("b0c06f000000", info.fmspc().toString());
        assertEquals("0000", info.pceId().toString());
        assertEquals(20, info.tcbEvaluationDataNumber());
        assertEquals(
                List.of(3, 1),
                info.tdxModuleIdentities().stream().map(ModuleIdentity::version).toList());
        assertEquals(
                List.of(11, 6),
                info.tdxModuleIdentities().getLast().levels().stream()
                        .map(IsvLevel::isvSvn)
                        .toList());
        TcbLevel best = info.levels().getFirst();
        assertEquals(11, best.pceSvn());
        assertEquals(Optional.of("BIOS"), best.sgx().labels().getFirst().category());
        assertEquals(
                Optional.of("Early Microcode Update"),
                best.sgx().labels().getFirst().type());
        assertEquals(List.of("INTEL-SA-00001"), info.levels().getLast().advisoryIds());
    }

    @Test
    void readsSgxOfBothVersions() {
        assertEquals(TeeType.SGX, tcbInfo(SGX).tee());
        assertEquals(2, tcbInfo(OLD).version());
        assertEquals(
                tcbInfo(SGX).levels().getFirst().sgx().svns(),
                tcbInfo(OLD).levels().getFirst().sgx().svns());
    }

    @Test
    void linesOfModulesMayBeAbsentOrNone() {
        assertEquals(List.of(), tcbInfo(tdx("", BEST)).tdxModuleIdentities());
        assertEquals(
                List.of(),
                tcbInfo(with(tdx("", BEST), "\"tcbLevels\":[", "\"tdxModuleIdentities\":[],\"tcbLevels\":["))
                        .tdxModuleIdentities());
    }

    @Test
    void membersThatIntelMayAddArePassedOver() {
        assertEquals(
                tcbInfo(TDX), tcbInfo(with(TDX, "\"tcbType\":0", "\"new\":{\"a\":[1.5,null,-2e9]},\"tcbType\":0")));
        assertEquals(tcbInfo(TDX), tcbInfo(with(TDX, "\"pcesvn\":11", "\"new\":true,\"pcesvn\":11")));
    }

    @Test
    void whatIsOnlyForTdxIsRefusedElsewhere() {
        for (String document : List.of(SGX, OLD)) {
            refusal(with(document, "\"tcbType\":0", "\"tdxModule\":{" + SIGNER + "},\"tcbType\":0"));
            refusal(with(document, "\"tcbType\":0", "\"tdxModuleIdentities\":[],\"tcbType\":0"));
            refusal(with(document, "\"pcesvn\":11", "\"tdxtcbcomponents\":[],\"pcesvn\":11"));
        }
    }

    @Test
    void versionAndIdGoTogether() {
        assertTrue(refusal(with(TDX, "\"version\":3", "\"version\":2")).contains("never for TDX"));
        refusal(with(SGX, "\"version\":3", "\"version\":2"));
        refusal(with(OLD, "\"version\":2", "\"version\":3"));
        refusal(with(TDX, "\"version\":3", "\"version\":4"));
        refusal(with(TDX, "\"version\":3", "\"version\":1"));
        refusal(with(TDX, "\"id\":\"TDX\",", ""));
        refusal(with(TDX, "\"id\":\"TDX\"", "\"id\":\"tdx\""));
        refusal(with(TDX, "\"id\":\"TDX\"", "\"id\":\"SGX\""));
        refusal(with(SGX, "\"id\":\"SGX\"", "\"id\":\"TDX\""));
    }

    @Test
    void aTdxDocumentNamesItsModule() {
        assertTrue(refusal(with(TDX, "\"tdxModule\":", "\"x\":")).contains("tdxModule is missing"));
        refusal(with(TDX, "\"tdxModule\":{", "\"tdxModule\":null,\"x\":{"));
        refusal(with(TDX, "\"mrsigner\":\"00", "\"mrsigner\":\""));
        refusal(with(TDX, "\"mrsigner\":\"00", "\"mrsigner\":\"0x"));
        refusal(with(TDX, "\"attributes\":\"00", "\"attributes\":\"0000"));
        refusal(with(TDX, "\"attributesMask\":\"FF", "\"attributesMask\":\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TDX_1", "TDX_001", "TDX_G1", "TDX-01", "01", "", "TDX_01 ", "TDX_0\u0131"})
    void aLineIsNamedByTwoHexDigits(String id) {
        assertTrue(refusal(with(TDX, "TDX_01", id)).contains("/id is"));
    }

    @Test
    void aLineStandsThereOnce() {
        assertTrue(refusal(with(TDX, "TDX_03", "TDX_01")).contains("TDX_01 twice"));
        assertTrue(refusal(tdx(module("TDX_0a", "1 UpToDate") + "," + module("TDX_0A", "2 UpToDate"), BEST))
                .contains("TDX_0A twice"));
    }

    @Test
    void aLineHasLevelsOfItsOwn() {
        assertTrue(refusal(tdx(module("TDX_01"), BEST)).contains("at least one level"));
        assertTrue(refusal(tdx(module("TDX_01", "4 UpToDate", "4 OutOfDate"), BEST))
                .contains("two levels"));
        for (String word : List.of("SWHardeningNeeded", "ConfigurationNeeded", "uptodate", "TDRelaunchAdvised")) {
            assertTrue(refusal(tdx(module("TDX_01", "4 " + word), BEST)).contains("tcbStatus is"), word);
        }
        for (String svn : List.of("-1", "65536", "\"4\"", "4.0")) {
            assertTrue(refusal(tdx(module("TDX_01", svn + " UpToDate"), BEST)).contains("isvsvn is"), svn);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-08-01",
                "2026-08-01T00:00:00",
                "2026-08-01T00:00:00+00:00",
                "2026-08-01T00:00:00.0Z",
                "2026-08-01t00:00:00z",
                "2026-08-01 00:00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-08-01T24:00:00Z",
                "2026-08-01T00:00:60Z",
                "-026-08-01T00:00:00Z",
                "",
                "2026-09-01T00:00:00Z",
                "2026-09-01T00:00:01Z",
            })
    void datesAreInUtcAndInOrder(String date) {
        String message = refusal(with(TDX, "2026-08-01T00:00:00Z", date));
        assertTrue(message.contains("a date"), message);
    }

    @Test
    void otherFieldsHaveTheirForm() {
        for (String fmspc : List.of("", "b0c06f0000", "b0c06f00000000", "b0c06f00000g", "b0c06f 00000")) {
            assertTrue(refusal(with(TDX, "B0c06f000000", fmspc)).contains("12 hex digits"), fmspc);
        }
        assertTrue(refusal(with(TDX, "\"pceId\":\"0000\"", "\"pceId\":\"00\"")).contains("4 hex digits"));
        assertTrue(refusal(with(TDX, "\"tcbType\":0", "\"tcbType\":1")).contains("tcbType"));
        assertTrue(refusal(with(TDX, "\"tcbType\":0", "\"tcbType\":\"0\"")).contains("tcbType"));
        assertTrue(refusal(with(TDX, "DataNumber\":20", "DataNumber\":-20")).contains("tcbEvaluationDataNumber"));
        assertTrue(
                refusal(with(TDX, "DataNumber\":20", "DataNumber\":4294967296")).contains("tcbEvaluationDataNumber"));
        assertTrue(
                refusal(with(TDX, "[\"INTEL-SA-00001\"]", "\"INTEL-SA-00001\"")).contains("an array"));
        assertTrue(refusal(with(TDX, "[\"INTEL-SA-00001\"]", "[1]")).contains("an array of strings"));
        assertTrue(
                refusal(with(TDX, "[\"INTEL-SA-00001\"]", "[\"\\u001b[2J\"]")).contains("printable"));
        assertTrue(refusal(with(TDX, "Early Microcode Update", "Early\\u0000")).contains("printable"));
    }

    @Test
    void everyMemberIsNeeded() {
        for (String name : List.of(
                "id",
                "version",
                "issueDate",
                "nextUpdate",
                "fmspc",
                "pceId",
                "tcbType",
                "tcbEvaluationDataNumber",
                "tdxModule",
                "tcbLevels",
                "tcb",
                "pcesvn",
                "tcbDate",
                "tcbStatus",
                "svn",
                "mrsigner",
                "attributes",
                "attributesMask",
                "isvsvn")) {
            assertTrue(refusal(with(TDX, "\"" + name + "\":", "\"x\":")).contains(name + " is missing"), name);
        }
    }

    @Test
    void noMemberStandsTwice() {
        for (String name :
                List.of("version", "fmspc", "tcbLevels", "pcesvn", "tcbStatus", "tdxModule", "tdxtcbcomponents")) {
            String twice = with(TDX, "\"" + name + "\":", "\"" + name + "\":0,\"" + name + "\":");
            assertTrue(refusal(twice).contains("twice"), name);
        }
        assertTrue(refusal(with(TDX, "\"svn\":5", "\"svn\":0,\"svn\":5")).contains("twice"));
        String within = with(TDX, "\"tcbType\":0", "\"n\":{\"a\":1,\"a\":2},\"tcbType\":0");
        assertTrue(refusal(within).contains("twice"));
    }
}
