package io.countersign.verifier.tee.tdx;

import static io.countersign.verifier.tee.tdx.ClaimLines.FLAG;
import static io.countersign.verifier.tee.tdx.ClaimLines.NUMBER;
import static io.countersign.verifier.tee.tdx.ClaimLines.TEXTS;
import static io.countersign.verifier.tee.tdx.ClaimLines.hex;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.tdx.eventlog.EventLogClaims;
import io.countersign.verifier.tee.tdx.quote.TdReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a TD quote, the platform's certificate, Intel's collateral and a measured event log say, as claims. */
final class TdxClaims {
    private record Facts(int version, TdReport td) {}

    private static final ClaimLines<Facts> QUOTE = quote();
    private static final ClaimLines<QuoteVerdict> PLATFORM = PlatformClaims.below("tdx.");
    private static final ClaimCatalogue CATALOGUE =
            new ClaimCatalogue(Stream.of(QUOTE.definitions(), PLATFORM.definitions(), EventLogClaims.definitions())
                    .<ClaimDefinition>flatMap(List::stream)
                    .toList());

    private TdxClaims() {}

    static ClaimCatalogue catalogue() {
        return CATALOGUE;
    }

    static Claims of(QuoteEvidence evidence, TdReport td, QuoteVerdict verdict) {
        var claims = Claims.of(CATALOGUE);
        QUOTE.fill(new Facts(evidence.quote().header().version(), td), claims);
        PLATFORM.fill(verdict, claims);
        Outcome replayed =
                Optional.ofNullable(verdict.outcomes().get(TdxCheck.EVENT_LOG)).orElseThrow();
        evidence.eventLog().ifPresent(log -> EventLogClaims.fill(log, replayed, claims));
        return claims.build();
    }

    private static ClaimLines<Facts> quote() {
        var lines = new ClaimLines<Facts>();
        lines.add("tee", ClaimType.Word.of("tdx"), "The kind of TEE: tdx.", _ -> "tdx")
                .add("debug", FLAG, "The host may read the TD's memory.", facts -> facts.td()
                        .tdAttributes()
                        .debug())
                .add("migratable", FLAG, "A migration TD may move the TD.", facts -> facts.td()
                        .tdAttributes()
                        .migratable())
                .add("launch_measurement", hex(48), "MRTD: what was launched.", facts -> facts.td()
                        .mrTd())
                .add("report_data", hex(64), "REPORTDATA: what the guest put in.", facts -> facts.td()
                        .reportData())
                .add("host_data", hex(48), "MRCONFIGID: what the host put in at launch.", facts -> facts.td()
                        .mrConfigId())
                .add("tdx.quote_version", NUMBER, "Version of the quote's layout.", Facts::version);
        measurements(lines);
        settings(lines);
        return lines;
    }

    private static void measurements(ClaimLines<Facts> lines) {
        lines.add("tdx.mr_td", hex(48), "MRTD: the TD's initial memory, usually its firmware.", facts -> facts.td()
                .mrTd());
        for (int i = 0; i < 4; i++) {
            int index = i;
            lines.add("tdx.rtmr" + i, hex(48), "RTMR" + i + ": measured while running.", facts -> facts.td()
                    .rtmrs()
                    .get(index));
        }
        lines.add("tdx.mr_seam", hex(48), "MRSEAM: the TDX module.", facts -> facts.td()
                        .mrSeam())
                .add(
                        "tdx.mr_signer_seam",
                        hex(48),
                        "MRSIGNERSEAM: zeros for a module that Intel signed.",
                        facts -> facts.td().mrSignerSeam())
                .add(
                        "tdx.mr_config_id",
                        hex(48),
                        "MRCONFIGID: software-defined, set by the host at launch.",
                        facts -> facts.td().mrConfigId())
                .add(
                        "tdx.mr_owner",
                        hex(48),
                        "MROWNER: software-defined, set by the host at launch.",
                        facts -> facts.td().mrOwner())
                .add(
                        "tdx.mr_owner_config",
                        hex(48),
                        "MROWNERCONFIG: the same, for its configuration.",
                        facts -> facts.td().mrOwnerConfig())
                .addIf(
                        "tdx.mr_service_td",
                        hex(48),
                        "MRSERVICETD: the bound service TDs, zeros when there are none; TDX 1.5 bodies only.",
                        facts -> facts.td().later().map(TdReport.Later::mrServiceTd))
                .addIf(
                        "tdx.service_td_bound",
                        FLAG,
                        "A service TD, such as one for migration, is bound to the TD; TDX 1.5 bodies only.",
                        facts -> facts.td().later().map(later -> !later.mrServiceTd()
                                .isAllZero()))
                .add(
                        "tdx.td_report",
                        ClaimType.Word.of("1.0", "1.5"),
                        "Which body the quote has: 1.0 or 1.5.",
                        facts -> facts.td().later().isPresent() ? "1.5" : "1.0");
    }

    private static void settings(ClaimLines<Facts> lines) {
        lines.add("tdx.report_data", hex(64), "REPORTDATA.", facts -> facts.td().reportData())
                .add("tdx.seam_attributes", hex(8), "SEAMATTRIBUTES of the TDX module.", facts -> facts.td()
                        .seamAttributes())
                .add("tdx.td_attributes", hex(8), "TDATTRIBUTES, in quote order.", facts -> facts.td()
                        .tdAttributes()
                        .raw())
                .add("tdx.td_attribute_names", TEXTS, "The attributes that are set, by name.", facts -> facts.td()
                        .tdAttributes()
                        .names())
                .add(
                        "tdx.td_attributes_unknown",
                        TEXTS,
                        "Attribute bits that are set and not defined.",
                        facts -> facts.td().tdAttributes().unknown())
                .add("tdx.xfam", hex(8), "XFAM, in quote order.", facts -> facts.td()
                        .xfam()
                        .raw())
                .add("tdx.xfam_names", TEXTS, "The extended features that the TD may use, by name.", facts -> facts.td()
                        .xfam()
                        .names())
                .add("tdx.xfam_unknown", TEXTS, "XFAM bits that are set and not defined.", facts -> facts.td()
                        .xfam()
                        .unknown())
                .add("tdx.tee_tcb_svn", hex(16), "TEE_TCB_SVN: the TDX module at the TD's launch.", facts -> facts.td()
                        .teeTcbSvn())
                .addIf(
                        "tdx.tee_tcb_svn2",
                        hex(16),
                        "TEE_TCB_SVN2: the TDX module now; TDX 1.5 bodies only.",
                        facts -> facts.td().later().map(TdReport.Later::teeTcbSvn2));
    }
}
