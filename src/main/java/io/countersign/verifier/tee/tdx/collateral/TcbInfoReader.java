package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one TCB info: which members must be there, and which must not, depends on its version and kind. */
final class TcbInfoReader {
    private static final int FMSPC_LENGTH = 6;
    private static final int PCE_ID_LENGTH = 2;
    private static final int HIGHEST_PCE_SVN = 0xFFFF;

    private static final String ID = "id";
    private static final String VERSION = "version";
    private static final String MODULE = "tdxModule";
    private static final String MODULE_IDENTITIES = "tdxModuleIdentities";
    private static final String LEVELS = "tcbLevels";
    private static final String TDX_COMPONENTS = "tdxtcbcomponents";

    private final JsonObject in;

    TcbInfoReader(JsonObject in) {
        this.in = in;
    }

    TcbInfo read() throws MalformedCollateralException {
        int version = in.integer(VERSION, Integer.MAX_VALUE);
        TeeType tee = tee(version);
        Instant issueDate = in.instant("issueDate");
        Instant nextUpdate = Dates.nextUpdate(in, issueDate);
        if (in.integer("tcbType", Integer.MAX_VALUE) != 0) {
            throw in.refusal("tcbType", "is another composition of components", "0, the only one Intel has defined");
        }
        return new TcbInfo(
                tee,
                version,
                issueDate,
                nextUpdate,
                in.hex("fmspc", FMSPC_LENGTH),
                in.hex("pceId", PCE_ID_LENGTH),
                in.integer("tcbEvaluationDataNumber", Integer.MAX_VALUE),
                module(tee),
                identities(tee),
                levels(version, tee));
    }

    private TeeType tee(int version) throws MalformedCollateralException {
        if (version == 2) {
            in.without(ID, "TCB info of version 2 has none, and is never for TDX");
            return TeeType.SGX;
        }
        if (version != 3) {
            throw in.refusal(VERSION, "is " + version, "2 or 3");
        }
        String id = in.text(ID);
        for (TeeType tee : TeeType.values()) {
            if (tee.name().equals(id)) {
                return tee;
            }
        }
        throw in.refusal(ID, "is \"" + Printable.shortened(id) + "\"", "\"TDX\" or \"SGX\"");
    }

    private Optional<ModuleSigner> module(TeeType tee) throws MalformedCollateralException {
        return switch (tee) {
            case TDX -> Optional.of(ModuleSigner.read(in.object(MODULE)));
            case SGX -> {
                in.without(MODULE, "TCB info for SGX has no TDX module");
                yield Optional.empty();
            }
        };
    }

    /** Absent until Intel had modules of more than one line. */
    private List<ModuleIdentity> identities(TeeType tee) throws MalformedCollateralException {
        return switch (tee) {
            case TDX -> {
                var identities = new ArrayList<ModuleIdentity>();
                Set<Integer> versions = new HashSet<>();
                for (JsonObject each :
                        in.has(MODULE_IDENTITIES) ? in.objects(MODULE_IDENTITIES) : List.<JsonObject>of()) {
                    ModuleIdentity identity = ModuleIdentity.read(each);
                    if (!versions.add(identity.version())) {
                        throw in.refusal(MODULE_IDENTITIES, "has " + identity.id() + " twice", "each once");
                    }
                    identities.add(identity);
                }
                yield identities;
            }
            case SGX -> {
                in.without(MODULE_IDENTITIES, "TCB info for SGX has no TDX module");
                yield List.of();
            }
        };
    }

    private List<TcbLevel> levels(int version, TeeType tee) throws MalformedCollateralException {
        var levels = new ArrayList<TcbLevel>();
        for (JsonObject each : in.objects(LEVELS)) {
            levels.add(level(each, version, tee));
        }
        if (levels.isEmpty()) {
            throw in.refusal(LEVELS, "is empty", "at least one level");
        }
        levels.sort(TcbLevel.BEST_FIRST);
        for (int i = 1; i < levels.size(); i++) {
            if (TcbLevel.BEST_FIRST.compare(levels.get(i - 1), levels.get(i)) == 0) {
                throw in.refusal(LEVELS, "has two levels with the same numbers", "one for each combination");
            }
        }
        return levels;
    }

    private static TcbLevel level(JsonObject level, int version, TeeType tee) throws MalformedCollateralException {
        JsonObject tcb = level.object("tcb");
        String word = level.text("tcbStatus");
        TcbStatus status = TcbStatus.ofPlatformLevel(word)
                .orElseThrow(() -> level.refusal(
                        "tcbStatus",
                        "is \"" + Printable.shortened(word) + "\"",
                        "one of the statuses that Intel lists for platforms, as in \"UpToDate\""));
        TcbComponents sgx = version == 2 ? TcbComponents.readOldForm(tcb) : TcbComponents.read(tcb, "sgxtcbcomponents");
        return new TcbLevel(
                sgx,
                tcb.integer("pcesvn", HIGHEST_PCE_SVN),
                tdxComponents(tcb, tee),
                level.instant("tcbDate"),
                status,
                level.textsIfAny("advisoryIDs"));
    }

    /** Without them a level would fit any TDX module, so their absence is never read as "no demands". */
    private static Optional<TcbComponents> tdxComponents(JsonObject tcb, TeeType tee)
            throws MalformedCollateralException {
        return switch (tee) {
            case TDX -> Optional.of(TcbComponents.read(tcb, TDX_COMPONENTS));
            case SGX -> {
                tcb.without(TDX_COMPONENTS, "TCB info for SGX has no TDX components");
                yield Optional.empty();
            }
        };
    }
}
