package io.countersign.verifier.tee.tdx;

import static io.countersign.verifier.tee.tdx.ClaimLines.FLAG;
import static io.countersign.verifier.tee.tdx.ClaimLines.NUMBER;
import static io.countersign.verifier.tee.tdx.ClaimLines.hex;

import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import java.util.List;
import java.util.stream.Stream;

/** What an SGX quote, the platform's certificate and Intel's collateral say, as claims. */
final class SgxClaims {
    private record Facts(int version, EnclaveReport enclave) {}

    private static final ClaimLines<Facts> QUOTE = quote();
    private static final ClaimLines<QuoteVerdict> PLATFORM = PlatformClaims.below("sgx.");
    private static final ClaimCatalogue CATALOGUE =
            new ClaimCatalogue(Stream.of(QUOTE.definitions(), PLATFORM.definitions())
                    .flatMap(List::stream)
                    .toList());

    private SgxClaims() {}

    static ClaimCatalogue catalogue() {
        return CATALOGUE;
    }

    static Claims of(QuoteEvidence evidence, EnclaveReport enclave, QuoteVerdict verdict) {
        var claims = Claims.of(CATALOGUE);
        QUOTE.fill(new Facts(evidence.quote().header().version(), enclave), claims);
        PLATFORM.fill(verdict, claims);
        return claims.build();
    }

    private static ClaimLines<Facts> quote() {
        var lines = new ClaimLines<Facts>();
        lines.add("tee", ClaimType.Word.of("sgx"), "The kind of TEE: sgx.", _ -> "sgx")
                .add("debug", FLAG, "The host may read the enclave's memory.", facts -> facts.enclave()
                        .debug())
                .add("migratable", FLAG, "Never: enclaves cannot be moved.", _ -> false)
                .add("launch_measurement", hex(32), "MRENCLAVE: what was launched.", facts -> facts.enclave()
                        .mrEnclave())
                .add("report_data", hex(64), "REPORTDATA: what the enclave put in.", facts -> facts.enclave()
                        .reportData())
                .add("host_data", hex(64), "CONFIGID: what the host put in at launch.", facts -> facts.enclave()
                        .configId())
                .add("sgx.quote_version", NUMBER, "Version of the quote's layout.", Facts::version)
                .add("sgx.mr_enclave", hex(32), "MRENCLAVE: the enclave's initial memory.", facts -> facts.enclave()
                        .mrEnclave())
                .add("sgx.mr_signer", hex(32), "MRSIGNER: who signed the enclave.", facts -> facts.enclave()
                        .mrSigner())
                .add("sgx.attributes", hex(16), "ATTRIBUTES: flags, then XFRM.", facts -> facts.enclave()
                        .attributes())
                .add("sgx.misc_select", hex(4), "MISCSELECT.", facts -> facts.enclave()
                        .miscSelect())
                .add(
                        "sgx.isv_prod_id",
                        NUMBER,
                        "ISVPRODID: the signer's number for the program.",
                        facts -> facts.enclave().isvProdId())
                .add("sgx.isv_svn", NUMBER, "ISVSVN: the signer's security version.", facts -> facts.enclave()
                        .isvSvn())
                .add("sgx.isv_ext_prod_id", hex(16), "ISVEXTPRODID.", facts -> facts.enclave()
                        .isvExtProdId())
                .add("sgx.isv_family_id", hex(16), "ISVFAMILYID.", facts -> facts.enclave()
                        .isvFamilyId())
                .add(
                        "sgx.cpu_svn",
                        hex(16),
                        "CPUSVN of the quote; the TCB is judged by the PCK certificate's.",
                        facts -> facts.enclave().cpuSvn())
                .add("sgx.report_data", hex(64), "REPORTDATA.", facts -> facts.enclave()
                        .reportData())
                .add("sgx.config_id", hex(64), "CONFIGID.", facts -> facts.enclave()
                        .configId())
                .add("sgx.config_svn", NUMBER, "CONFIGSVN.", facts -> facts.enclave()
                        .configSvn())
                .add("sgx.debug", FLAG, "The host may read the enclave's memory.", facts -> facts.enclave()
                        .debug());
        return lines;
    }
}
