package io.countersign.verifier.tee.tdx.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.tee.tdx.collateral.Captures.Capture;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Genuine quotes under genuine collateral, against verdicts that were computed independently. */
class CapturedVerdictsTest {
    static List<Capture> withCollateral() {
        return Captures.withCollateral();
    }

    @ParameterizedTest
    @MethodSource("withCollateral")
    void agreesWithTheManifest(Capture capture) throws MalformedCollateralException {
        JsonNode expected = capture.entry();
        TcbVerdict verdict = capture.verdict();
        assertEquals(expected.get("tcb_status").asText(), verdict.status().word());
        assertEquals(
                expected.get("qe_status").asText(),
                verdict.quotingEnclave().status().word());

        var advisories = new TreeSet<String>();
        expected.get("advisories").forEach(id -> advisories.add(id.asText()));
        assertEquals(List.copyOf(advisories), verdict.advisoryIds());

        JsonNode level = expected.get("matched_level");
        if (level.isObject()) {
            assertEquals(level.get("index").asInt(), verdict.platform().level().orElseThrow());
            assertEquals(
                    level.get("status").asText(), verdict.platform().status().word());
            assertEquals(Optional.of(Instant.parse(level.get("tcbDate").asText())), verdict.tcbDate());
        } else {
            assertTrue(verdict.platform().level().isEmpty());
            assertEquals(TcbStatus.TCB_LEVEL_NOT_SUPPORTED, verdict.platform().status());
        }
        assertModule(capture, verdict);
    }

    private static void assertModule(Capture capture, TcbVerdict verdict) throws MalformedCollateralException {
        JsonNode module = capture.entry().get("tdx_module");
        if (module.isObject()) {
            PartStanding standing = verdict.module().orElseThrow();
            assertEquals(module.get("status").asText(), standing.status().word());
            int version = capture.module().orElseThrow().teeTcbSvn().u8(1);
            ModuleIdentity identity = capture.tcbInfo().moduleOfVersion(version).orElseThrow();
            assertEquals(module.get("identity").asText(), identity.id());
            assertEquals(
                    module.get("matched_isvsvn").asInt(),
                    identity.levels().get(standing.level().orElseThrow()).isvSvn());
        } else if (verdict.status() != TcbStatus.TCB_LEVEL_NOT_SUPPORTED) {
            // where the platform reaches no level, the manifest does not go on to the module
            assertTrue(verdict.module().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("withCollateral")
    void saysWhatToDoExactlyWhenThereIsSomethingToDo(Capture capture) throws MalformedCollateralException {
        TcbVerdict verdict = capture.verdict();
        boolean isFine = verdict.status() == TcbStatus.UP_TO_DATE;
        assertEquals(isFine, verdict.hint().equals("Nothing is to be done."), verdict.hint());
        if (isFine) {
            assertTrue(verdict.shortfalls().isEmpty());
        }
    }

    /** Others take the module's status for the whole and accept this one. */
    @Test
    void anUpToDateModuleDoesNotExcuseItsPlatform() throws MalformedCollateralException {
        TcbVerdict verdict = Captures.named("tdx-v4-gnr-trustee6@tdx-00a06d080000-2025-10-no-pck-crl")
                .verdict();
        assertEquals(TcbStatus.UP_TO_DATE, verdict.module().orElseThrow().status());
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.platform().status());
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.status());
    }

    /** Others compare the module's number with the platform's levels, although the module has levels of its own. */
    @Test
    void aModuleOfALineOfItsOwnIsNotHeldAgainstThePlatformsLevels() throws MalformedCollateralException {
        Capture capture = Captures.named("tdx-v4-gcp-cos113@tdx-00806f050000-2025-05");
        int demanded = capture.tcbInfo().levels().getFirst().tdx().orElseThrow().svn(0);
        assertTrue(capture.module().orElseThrow().teeTcbSvn().u8(0) < demanded);
        assertEquals(TcbStatus.UP_TO_DATE, capture.verdict().status());
    }

    @Test
    void tellsWhichSideEachAdvisoryIsAbout() throws MalformedCollateralException {
        TcbVerdict verdict =
                Captures.named("tdx-v4-phala@tdx-b0c06f000000-2026-08").verdict();
        assertEquals(
                List.of("INTEL-SA-01192", "INTEL-SA-01245", "INTEL-SA-01312"),
                verdict.advisoryIdsByPart().get(TcbPart.TDX_MODULE));
        assertEquals(
                verdict.platform().advisoryIds(), verdict.advisoryIdsByPart().get(TcbPart.PLATFORM));
        assertFalse(verdict.advisoryIdsByPart().containsKey(TcbPart.QUOTING_ENCLAVE));
        assertEquals(
                "Update the BIOS: early microcode is at 3, Intel wants 4. "
                        + "Update the microcode that the host's operating system or VMM loads: "
                        + "late microcode (SGX) is at 3, Intel wants 4, late microcode (TDX) is at 3, Intel wants 4. "
                        + "Update the TDX module: TDX module TDX_01 is at 6, Intel wants 11. "
                        + "Afterwards let the platform fetch a new PCK certificate: the old one goes on stating the old "
                        + "TCB.",
                verdict.hint());
    }
}
