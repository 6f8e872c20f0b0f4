package io.countersign.verifier.tee.tdx.collateral;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One entry of {@code tdxModuleIdentities}: a line of TDX modules with levels of its own. Intel PCS API, version 4, "Get TDX
 * TCB Info".
 *
 * @param version the two hex digits of the id, which TEE_TCB_SVN[1] states: 1 for {@code TDX_01}
 * @param levels best first
 */
public record ModuleIdentity(int version, ModuleSigner signer, List<IsvLevel> levels) {
    private static final Pattern ID = Pattern.compile("TDX_[0-9A-F]{2}");
    private static final int HEX = 16;

    public ModuleIdentity {
        levels = List.copyOf(levels);
    }

    static ModuleIdentity read(JsonObject in) throws MalformedCollateralException {
        String id = in.text("id");
        String upper = id.toUpperCase(Locale.ROOT);
        if (!ID.matcher(upper).matches()) {
            throw in.refusal("id", "is \"" + Printable.shortened(id) + "\"", "\"TDX_\" and two hex digits");
        }
        return new ModuleIdentity(
                Integer.parseInt(upper.substring(upper.length() - 2), HEX), ModuleSigner.read(in), IsvLevel.read(in));
    }

    /** As Intel writes it. */
    public String id() {
        return id(version);
    }

    static String id(int version) {
        return "TDX_%02X".formatted(version);
    }
}
