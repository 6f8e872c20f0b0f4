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

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody is told who has to bring a platform up to date. */
class TcbAdviceTest {
    private static final EnclaveIdentity QE = enclave(identity("QE", "4 UpToDate"));
    private static final EnclaveIdentity TD_QE = enclave(identity("TD_QE", "4 UpToDate", "2 OutOfDate"));

    private static TcbVerdict sgxVerdict(String sgx, String... levels) {
        return TcbEvaluation.judge(tcbInfo(sgx(levels)), QE, platform(sgx, PCE_SVN), Optional.empty(), 4);
    }

    private static TcbVerdict tdVerdict(String sgx, int pceSvn, String tdx, int qeIsvSvn) {
        TcbInfo info = tcbInfo(tdx(
                module("TDX_01", "11 UpToDate", "6 OutOfDate"),
                tdxLevel(BEST_SGX, PCE_SVN, BEST_TDX, "UpToDate"),
                tdxLevel("0", 0, "0", "OutOfDate")));
        return TcbEvaluation.judge(info, TD_QE, platform(sgx, pceSvn), td(tdx), qeIsvSvn);
    }

    private static List<String> shortfalls(TcbVerdict verdict) {
        return verdict.shortfalls().stream().map(Shortfall::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'3,4,2,2,4,1,0,5', 'early microcode is at 3, Intel wants 4', Update the BIOS",
        "'4,3,2,2,4,1,0,5', 'late microcode (SGX) is at 3, Intel wants 4', Update the microcode that the host's operating system or VMM loads",
        "'4,4,1,2,4,1,0,5', 'TXT SINIT is at 1, Intel wants 2', Update the TXT SINIT module",
        "'4,4,2,2,3,1,0,5', 'SGX component 5 is at 3, Intel wants 4', Update the BIOS",
        "'4,4,2,2,4,0,0,5', 'SGX component 6 is at 0, Intel wants 1', 'Update or configure the platform (BIOS, microcode)'",
        "'4,4,2,2,4,1,0,4', 'SEAMLDR ACM is at 4, Intel wants 5', Update the SEAM loader",
    })
    void namesWhatIsTooLowOnAPlatform(String sgx, String shortfall, String remedy) {
        TcbVerdict verdict = tdVerdict(sgx, PCE_SVN, "11,1,4", 4);
        assertEquals(TcbStatus.OUT_OF_DATE, verdict.status());
        assertEquals(List.of(shortfall), shortfalls(verdict));
        assertEquals(
                remedy + ": " + shortfall + ". Afterwards let the platform fetch a new PCK certificate: "
                        + "the old one goes on stating the old TCB.",
                verdict.hint());
    }

    @Test
    void namesWhatIsTooLowInAQuote() {
        assertEquals(
                "Update the microcode that the host's operating system or VMM loads: late microcode (TDX) is at 3, Intel "
                        + "wants 4.",
                tdVerdict(BEST_SGX, PCE_SVN, "11,1,3", 4).hint());
        assertEquals(
                "Update the TDX module: TDX module TDX_01 is at 6, Intel wants 11.",
                tdVerdict(BEST_SGX, PCE_SVN, "6,1,4", 4).hint());
        assertEquals(
                "Update the TDX module: TDX module is at 4, Intel wants 5.",
                tdVerdict(BEST_SGX, PCE_SVN, "4,0,4", 4).hint());
        assertEquals(
                "Update Intel's quote generation software (the quoting enclave): quoting enclave is at 3, Intel wants 4.",
                tdVerdict(BEST_SGX, PCE_SVN, "11,1,4", 3).hint());
        assertEquals(List.of("PCE is at 10, Intel wants 11"), shortfalls(tdVerdict(BEST_SGX, 10, "11,1,4", 4)));
    }

    @Test
    void saysThatEveryLevelIsNewer() {
        assertEquals(
                "Every level that Intel lists is newer than the TDX module. Update the TDX module: TDX module TDX_01 is at 5, "
                        + "Intel wants 11.",
                tdVerdict(BEST_SGX, PCE_SVN, "5,1,4", 4).hint());
    }

    @Test
    void saysWhatOtherStatusesAskFor() {
        assertEquals(
                "Nothing is to be done.",
                sgxVerdict("1", sgxLevel("1", 1, "UpToDate")).hint());
        assertEquals(
                "Build the software that runs there with the mitigations that Intel describes, as told in INTEL-SA-00001.",
                sgxVerdict("1", sgxLevel("1", 1, "SWHardeningNeeded", "INTEL-SA-00001"))
                        .hint());
        assertEquals(
                "Change the platform's settings, usually those of the BIOS, as told in INTEL-SA-00002. Intel's better level "
                        + "differs in this: SGX component 7 is at 0, Intel wants 14.",
                sgxVerdict(
                                "1",
                                sgxLevel("1,0,0,0,0,0,14", 1, "UpToDate"),
                                sgxLevel("1", 1, "ConfigurationNeeded", "INTEL-SA-00002"))
                        .hint());
        assertEquals(
                "Change the platform's settings, usually those of the BIOS. Build the software that runs there with the "
                        + "mitigations that Intel describes.",
                sgxVerdict("1", sgxLevel("1", 1, "ConfigurationAndSWHardeningNeeded"))
                        .hint());
        assertEquals(
                "Do not trust this platform as it is: Intel has revoked the level of the platform. Wait for an update from Intel: "
                        + "no level that it lists is better.",
                sgxVerdict("1", sgxLevel("1", 1, "Revoked")).hint());
        assertEquals(
                "Wait for an update from Intel: no level that it lists is better. Change the platform's settings, usually "
                        + "those of the BIOS.",
                sgxVerdict("1", sgxLevel("1", 1, "OutOfDateConfigurationNeeded"))
                        .hint());
        assertEquals(
                "TEE_TCB_SVN is of TDX_02; one of TDX_01 was expected. Run a TDX module that Intel has signed and lists, or, "
                        + "if this one is newer than the TCB info, fetch newer TCB info.",
                tdVerdict(BEST_SGX, PCE_SVN, "1,2,4", 4).hint());
    }
}
