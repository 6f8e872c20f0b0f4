package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoDeviceTest {
    private static final String GPU = """
            {"authenticity": "genuine", "status": "affirming",
             "checks": [{"code": "gpu.format", "outcome": "passed"}, {"code": "gpu.fwid", "outcome": "passed"}],
             "claims": {"product": "H100 SXM5", "cc_mode": "on", "cc_mode_strength": "signed", "devtools_index": "matched",
               "cpr": {"raw": "00c00100"}, "measurements_match": true, "mismatched_indexes": [], "ocsp_status": "good"}}
            """;
    private static final String SWITCH = """
            {"authenticity": "genuine", "status": "affirming",
             "checks": [{"code": "gpu.format", "outcome": "passed"}, {"code": "gpu.fwid", "outcome": "waived"}],
             "claims": {"arch": "LS10", "locked": true, "measurements_match": true, "ocsp_status": "good"}}
            """;

    @Test
    void whatIsAlikeStandsOnOneLine() throws JsonProcessingException {
        var devices = List.of(
                device("gpu0", GPU),
                device("gpu1", GPU),
                device("gpu2", GPU.replace("signed", "inferred")),
                device("gpu9", GPU),
                device("gpu10", GPU),
                device("nvswitch0", SWITCH));
        assertEquals(
                List.of(
                        "              model      mode           CPR       measurements  revocation  verdict, checks",
                        "gpu0-1, 9-10  H100 SXM5  on (signed)    00c00100  match         good        genuine, affirming; 2 passed",
                        "gpu2          H100 SXM5  on (inferred)  00c00100  match         good        genuine, affirming; 2 passed",
                        "nvswitch0     LS10       locked         -         match         good        genuine, affirming; 1 passed, 1 waived"),
                DemoDevice.table(DemoDevice.alike(devices)));
    }

    @Test
    void aMeasurementThatDiffersRaisesTheDoubtAboutTheMode() throws JsonProcessingException {
        DemoDevice device = device(
                "gpu0",
                GPU.replace("\"matched\"", "\"differs\"")
                        .replace("true, \"mismatched_indexes\": []", "false, \"mismatched_indexes\": [9, 12]"));
        assertEquals("on (signed), DevTools?", device.mode());
        assertEquals("differ at 9, 12", device.measurements());
    }

    @Test
    void aRegisterThatNobodyComparedRaisesItToo() throws JsonProcessingException {
        DemoDevice device = device("gpu0", GPU.replace("\"matched\"", "\"not-compared\""));
        assertEquals("on (signed), DevTools?", device.mode());
    }

    @Test
    void noDoubtIsRaisedWhileTheRegisterIsNotJudged() throws JsonProcessingException {
        DemoDevice device = device("gpu0", GPU.replace("\"devtools_index\": \"matched\",", ""));
        assertEquals("on (signed)", device.mode());
    }

    @Test
    void theWorstOfTheChecksCounts() throws JsonProcessingException {
        assertEquals("passed", device("gpu0", GPU).outcome());
        assertEquals("passed", device("nvswitch0", SWITCH).outcome());
        assertEquals(
                "undetermined",
                device("gpu0", GPU.replaceFirst("\"passed\"", "\"not-reached\""))
                        .outcome());
        assertEquals(
                "failed",
                device("gpu0", GPU.replaceFirst("\"passed\"", "\"failed\"")).outcome());
        assertEquals("undetermined", device("gpu0", "{}").outcome());
    }

    @Test
    void aRejectedDeviceShowsNothingThatItClaims() throws JsonProcessingException {
        assertEquals(
                new DemoDevice("gpu0", "?", "?", "?", "?", "?", "rejected, contraindicated; 1 failed", "failed"),
                device("gpu0", """
                        {"authenticity": "rejected", "status": "contraindicated",
                         "checks": [{"code": "gpu.report-signature", "outcome": "failed"}]}
                        """));
    }

    private static DemoDevice device(String label, String json) throws JsonProcessingException {
        return DemoDevice.of(label, new ObjectMapper().readTree(json));
    }
}
