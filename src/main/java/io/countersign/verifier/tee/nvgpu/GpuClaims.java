package io.countersign.verifier.tee.nvgpu;

import static io.countersign.verifier.tee.nvgpu.CommonDeviceClaims.define;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.ClaimType.Hex;
import io.countersign.verifier.claim.ClaimType.Text;
import io.countersign.verifier.claim.ClaimType.Word;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a GPU's evidence comes down to. */
final class GpuClaims {
    private static final List<ClaimDefinition> BOARD = List.of(
            define("driver_version", new Text(), "Version of the driver"),
            define("vbios_version", new Text(), "Version of the VBIOS, as NVIDIA prints it"),
            define("project", new Text(), "PROJECT: the board's project number"),
            define("project_sku", new Text(), "PROJECT_SKU"),
            define("chip_sku", new Text(), "CHIP_SKU"),
            define("board_id", new Hex(4), "BOARD_ID, as in the report"),
            define("board", new Text(), "project, project_sku and chip_sku in one: G520/0200/885"),
            define(
                    "model",
                    known(Board.Product::model),
                    "What such boards are sold as: H100, H200, H800; absent for a board that is not known"),
            define("product", known(Board.Product::name), "The same in full: H100 SXM5"));

    private static final List<ClaimDefinition> MODE = List.of(
            define(
                    "cc_mode",
                    Word.of(ConfidentialMode.Mode.class, GpuClaims::word),
                    "on or ppcie; absent when nothing signed tells"),
            define(
                    "cc_mode_strength",
                    Word.of(ConfidentialMode.Strength.class, GpuClaims::word),
                    "signed, when the report has a field for it; inferred otherwise"),
            define(
                    "cc_mode_sources",
                    new ClaimType.TextList(),
                    "Everything that was looked at for the mode, and what it says"),
            define(
                    "devtools_index",
                    Word.of(ConfidentialMode.ModeRegister.class, ConfidentialMode.ModeRegister::word),
                    "matched or differs: the register that covers the stored mode; not-compared: the VBIOS RIM has no"
                            + " golden value for it; absent without a VBIOS RIM to compare with"),
            define("feature_flag", Word.of(FeatureFlag.class, FeatureFlag::name), "FEATURE_FLAG: SPT, MPT or PPCIE"),
            define("protected_pcie", new ClaimType.Flag(), "PROTECTED_PCIE_STATUS"),
            define("switch_pdis", new ClaimType.TextList(), "PDIs of the NVSwitches that the GPU is linked with"),
            define("cpr.raw", new Hex(4), "CPRINFO: the Compute Protected Region, as in the report"),
            define("cpr.value", new ClaimType.UnsignedInteger(), "The same as a number, least significant byte first"),
            define(
                    "cpr.on_board",
                    new Text(),
                    "board and cpr.raw in one, to be compared with an allow-list: G520/0200/885:00c00100"),
            define("cpr.meaning", new Text(), "What is known about it: NVIDIA publishes no layout"));

    private static final ClaimCatalogue CATALOGUE = new ClaimCatalogue(Stream.of(
                    CommonDeviceClaims.identity(),
                    BOARD,
                    MODE,
                    CommonDeviceClaims.comparison(),
                    CommonDeviceClaims.manifest("driver_rim", "the driver"),
                    CommonDeviceClaims.manifest("vbios_rim", "the VBIOS"))
            .flatMap(List::stream)
            .toList());

    private static final String CPR_MEANING =
            "NVIDIA publishes no layout. The value is signed and has been one and the same on all boards of a kind seen so"
                    + " far; it differs between kinds of boards.";

    private GpuClaims() {}

    static ClaimCatalogue catalogue() {
        return CATALOGUE;
    }

    static Claims of(DeviceEvidence evidence, GpuStatement said, DeviceVerdict verdict, DeviceChain chain) {
        var claims = Claims.of(CATALOGUE);
        CommonDeviceClaims.identity(claims, evidence, chain);
        Optional<Board> board = RimDemands.board(said);
        put(claims, "driver_version", said.driverVersion());
        put(claims, "vbios_version", said.vbiosVersion());
        put(claims, "project", said.project());
        put(claims, "project_sku", said.projectSku());
        put(claims, "chip_sku", said.chipSku());
        put(claims, "board_id", said.boardId());
        put(claims, "board", board.map(Board::toString));
        put(claims, "model", board.flatMap(Board::product).map(Board.Product::model));
        put(claims, "product", board.flatMap(Board::product).map(Board.Product::name));
        mode(claims, evidence, said, verdict);
        said.cprInfo().ifPresent(raw -> cpr(claims, raw, board));
        CommonDeviceClaims.comparison(claims, verdict);
        for (RimDemand demand : RimDemands.of(evidence, chain.identity())) {
            String name = demand.check() == GpuCheck.DRIVER_RIM ? "driver_rim" : "vbios_rim";
            CommonDeviceClaims.manifest(
                    claims, name, demand.id(), verdict.measurements().of(demand.check()));
        }
        return claims.build();
    }

    private static void mode(Claims.Builder claims, DeviceEvidence evidence, GpuStatement said, DeviceVerdict verdict) {
        var opaque = evidence.report().opaque();
        ConfidentialMode mode = ConfidentialMode.of(said, opaque, verdict.measurements());
        mode.mode().ifPresent(known -> claims.with("cc_mode", word(known))
                .with("cc_mode_strength", word(mode.strength())));
        claims.with("cc_mode_sources", mode.sources());
        // Without the manifest nobody knows whether the register has a golden value. A rule over it is then
        // undetermined, so that a fetch that failed is an outage and no refusal.
        if (verdict.measurements().of(GpuCheck.VBIOS_RIM).isPresent()) {
            claims.with("devtools_index", mode.register().word());
        }
        put(claims, "feature_flag", FeatureFlag.of(said, opaque).map(FeatureFlag::name));
        put(claims, "protected_pcie", said.protectedPcieStatus().map(status -> status == ReportFormat.ENABLED));
        if (!said.switchPdis().isEmpty()) {
            claims.with("switch_pdis", CommonDeviceClaims.texts(said.switchPdis()));
        }
    }

    private static void cpr(Claims.Builder claims, Bytes raw, Optional<Board> board) {
        long value = 0;
        for (int i = raw.length() - 1; i >= 0; i--) {
            value = value << 8 | raw.u8(i);
        }
        claims.with("cpr.raw", raw).with("cpr.value", value).with("cpr.meaning", CPR_MEANING);
        put(claims, "cpr.on_board", board.map(known -> known + ":" + raw));
    }

    /** A board that is missing in the table has none of these claims, so that the table is all there is. */
    private static Word known(Function<Board.Product, String> name) {
        return new Word(Board.KNOWN.stream().map(name).toList());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void put(Claims.Builder claims, String path, Optional<?> value) {
        value.ifPresent(present -> claims.with(path, present));
    }
}
