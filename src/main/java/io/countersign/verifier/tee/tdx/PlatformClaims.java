package io.countersign.verifier.tee.tdx;

import static io.countersign.verifier.tee.tdx.ClaimLines.FLAG;
import static io.countersign.verifier.tee.tdx.ClaimLines.NUMBER;
import static io.countersign.verifier.tee.tdx.ClaimLines.TEXT;
import static io.countersign.verifier.tee.tdx.ClaimLines.TEXTS;
import static io.countersign.verifier.tee.tdx.ClaimLines.TIME;
import static io.countersign.verifier.tee.tdx.ClaimLines.hex;

import io.countersign.verifier.claim.ClaimType.Word;
import io.countersign.verifier.tee.tdx.collateral.Shortfall;
import io.countersign.verifier.tee.tdx.collateral.TcbPart;
import io.countersign.verifier.tee.tdx.collateral.TcbStatus;
import io.countersign.verifier.tee.tdx.collateral.TcbVerdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the PCK certificate and Intel's collateral say about the platform: the same for TDX and SGX, below their own names. */
final class PlatformClaims {
    private static final List<String> SGX_TYPES = List.of("standard", "scalable", "scalable-with-integrity");

    /** The parts never have all of these, but which they have is up to Intel. */
    private static final Word TCB_STATUS = Word.of(TcbStatus.class, TcbStatus::word);

    private PlatformClaims() {}

    /**
     * The lines below a prefix.
     *
     * @param prefix {@code tdx.} or {@code sgx.}
     */
    static ClaimLines<QuoteVerdict> below(String prefix) {
        var lines = new ClaimLines<QuoteVerdict>();
        certificate(lines, prefix);
        tcb(lines, prefix);
        collateral(lines, prefix);
        return lines;
    }

    private static void certificate(ClaimLines<QuoteVerdict> lines, String prefix) {
        lines.addIf(prefix + "fmspc", hex(6), "FMSPC: the family of platforms.", of(PckIdentity::fmspc))
                .addIf(prefix + "pce_id", hex(2), "PCE-ID of the PCK certificate.", of(PckIdentity::pceId))
                .addIf(prefix + "ppid", hex(16), "PPID: identifies the platform.", of(PckIdentity::ppid))
                .addIf(
                        prefix + "platform_instance_id",
                        hex(16),
                        "Identifies this instance of the platform; only where the Platform CA certified it.",
                        verdict -> verdict.chain()
                                .flatMap(chain -> chain.identity().platformInstanceId()))
                .addIf(prefix + "pce_svn", NUMBER, "PCESVN of the PCK certificate.", of(identity -> identity.tcb()
                        .pceSvn()))
                .addIf(prefix + "cpu_svn_certified", hex(16), "CPUSVN of the PCK certificate.", of(PckIdentity::cpuSvn))
                .addIf(
                        prefix + "pck_ca",
                        Word.of(PckCa.class, PckCa::word),
                        "Who certified the platform: platform (multi-package) or processor.",
                        verdict -> verdict.chain().map(chain -> chain.ca().word()))
                .addIf(
                        prefix + "sgx_type",
                        TEXT,
                        "How memory is protected: standard, scalable, or scalable-with-integrity.",
                        of(PlatformClaims::sgxType))
                .addIf(
                        prefix + "dynamic_platform",
                        FLAG,
                        "Packages may be added later.",
                        configured(PckIdentity.Configuration::dynamicPlatform))
                .addIf(
                        prefix + "cached_keys",
                        FLAG,
                        "Intel keeps the platform's root keys.",
                        configured(PckIdentity.Configuration::cachedKeys))
                .addIf(
                        prefix + "smt_enabled",
                        FLAG,
                        "Simultaneous multithreading is on.",
                        configured(PckIdentity.Configuration::smtEnabled));
    }

    private static String sgxType(PckIdentity identity) {
        return identity.sgxType() < SGX_TYPES.size() ? SGX_TYPES.get(identity.sgxType()) : "" + identity.sgxType();
    }

    private static void tcb(ClaimLines<QuoteVerdict> lines, String prefix) {
        lines.addIf(
                        prefix + "tcb_status",
                        TCB_STATUS,
                        "Intel's word for platform, TDX module and quoting enclave together; or TCB_LEVEL_NOT_SUPPORTED or"
                                + " TDX_MODULE_MISMATCH.",
                        judged(verdict -> verdict.status().word()))
                .addIf(prefix + "tcb_date", TIME, "Date of the matched TCB level.", verdict -> verdict.tcb()
                        .flatMap(TcbVerdict::tcbDate))
                .addIf(
                        prefix + "tcb_earliest_date",
                        TIME,
                        "The earliest date of the levels of platform, TDX module and quoting enclave.",
                        verdict -> verdict.tcb().flatMap(TcbVerdict::earliestTcbDate))
                .addIf(
                        prefix + "platform_tcb_status",
                        TCB_STATUS,
                        "Status of the platform alone.",
                        judged(verdict -> verdict.platform().status().word()))
                .addIf(
                        prefix + "module_tcb_status",
                        TCB_STATUS,
                        "Status of the TDX module alone; absent where the platform's levels judge it.",
                        verdict -> verdict.tcb().flatMap(tcb -> tcb.module()
                                .map(module -> module.status().word())))
                .addIf(
                        prefix + "qe_tcb_status",
                        TCB_STATUS,
                        "Status of the quoting enclave alone.",
                        judged(verdict -> verdict.quotingEnclave().status().word()))
                .addIf(
                        prefix + "advisory_ids",
                        TEXTS,
                        "Intel's advisories against any part.",
                        judged(TcbVerdict::advisoryIds))
                .addIf(
                        prefix + "platform_advisory_ids",
                        TEXTS,
                        "Those against the platform.",
                        against(TcbPart.PLATFORM))
                .addIf(
                        prefix + "module_advisory_ids",
                        TEXTS,
                        "Those against the TDX module.",
                        against(TcbPart.TDX_MODULE))
                .addIf(
                        prefix + "qe_advisory_ids",
                        TEXTS,
                        "Those against the quoting enclave.",
                        against(TcbPart.QUOTING_ENCLAVE))
                .addIf(
                        prefix + "tcb_shortfalls",
                        TEXTS,
                        "What is behind, and by how much: early microcode, TDX module, and so on.",
                        judged(verdict -> verdict.shortfalls().stream()
                                .map(Shortfall::toString)
                                .toList()));
    }

    private static void collateral(ClaimLines<QuoteVerdict> lines, String prefix) {
        lines.addIf(
                        prefix + "tcb_evaluation_data_number",
                        NUMBER,
                        "Of the TCB info: grows with every TCB recovery.",
                        verdict ->
                                verdict.tcbInfo().map(info -> info.statement().tcbEvaluationDataNumber()))
                .addIf(
                        prefix + "qe_evaluation_data_number",
                        NUMBER,
                        "Of the QE identity; Intel may publish it a little later than that of the TCB info.",
                        verdict -> verdict.qeIdentity().map(qe -> qe.statement().tcbEvaluationDataNumber()))
                .addIf(
                        prefix + "tcb_evaluation_outdated",
                        FLAG,
                        "The request brought TCB info of an older evaluation than this service has fetched.",
                        verdict -> verdict.tcbInfo().map(_ -> verdict.rollback().isPresent()))
                .addIf(
                        prefix + "tcb_evaluation_rollback.brought",
                        NUMBER,
                        "The number of what was brought; only where it is outdated.",
                        verdict -> verdict.rollback().map(QuoteVerdict.Rollback::brought))
                .addIf(
                        prefix + "tcb_evaluation_rollback.fetched",
                        NUMBER,
                        "The number of what was fetched; only where the brought one is outdated.",
                        verdict -> verdict.rollback().map(QuoteVerdict.Rollback::fetched))
                .addIf(
                        prefix + "collateral_expires_at",
                        TIME,
                        "The earliest end of TCB info, QE identity, their signers and the revocation lists.",
                        verdict -> verdict.tcbInfo().flatMap(_ -> verdict.collateralUntil()));
    }

    private static Function<QuoteVerdict, Optional<?>> of(Function<PckIdentity, Object> value) {
        return verdict -> verdict.chain().map(chain -> value.apply(chain.identity()));
    }

    private static Function<QuoteVerdict, Optional<?>> configured(
            Function<PckIdentity.Configuration, Optional<Boolean>> value) {
        return verdict ->
                verdict.chain().flatMap(chain -> value.apply(chain.identity().configuration()));
    }

    private static Function<QuoteVerdict, Optional<?>> judged(Function<TcbVerdict, Object> value) {
        return verdict -> verdict.tcb().map(value);
    }

    private static Function<QuoteVerdict, Optional<?>> against(TcbPart part) {
        return judged(verdict -> verdict.advisoryIdsByPart().getOrDefault(part, List.of()));
    }
}
