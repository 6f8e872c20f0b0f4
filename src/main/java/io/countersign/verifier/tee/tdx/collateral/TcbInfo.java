package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What Intel says about the TCB of one family of platforms. Intel PCS API, version 4, "Get TDX TCB Info" and "Get SGX TCB Info"
 * (version 3 of the document), and version 3, "Get TCB Info" (version 2, for SGX only).
 *
 * @param version 2 or 3
 * @param nextUpdate later than {@code issueDate}
 * @param fmspc 6 bytes
 * @param pceId 2 bytes
 * @param tcbEvaluationDataNumber grows with every TCB recovery
 * @param tdxModule for TDX only, and always there
 * @param tdxModuleIdentities for TDX only; lines of modules that have levels of their own
 * @param levels best first, at least one
 */
public record TcbInfo(
        TeeType tee,
        int version,
        Instant issueDate,
        Instant nextUpdate,
        Bytes fmspc,
        Bytes pceId,
        int tcbEvaluationDataNumber,
        Optional<ModuleSigner> tdxModule,
        List<ModuleIdentity> tdxModuleIdentities,
        List<TcbLevel> levels) {
    public TcbInfo {
        tdxModuleIdentities = List.copyOf(tdxModuleIdentities);
        levels = List.copyOf(levels);
    }

    /**
     * Reads exactly the bytes whose signature was, or will be, verified. Members that are not known are passed over, because
     * Intel adds some from time to time; everything that bears on the verdict is read strictly.
     */
    public static TcbInfo parse(Bytes body) throws MalformedCollateralException {
        return read(JsonReader.object("tcbInfo", body));
    }

    /** The same for a document that was read already: its body is not read a second time. */
    public static TcbInfo parse(SignedCollateral document) throws MalformedCollateralException {
        return read(document.signed());
    }

    private static TcbInfo read(JsonObject signed) throws MalformedCollateralException {
        return new TcbInfoReader(signed.placed("tcbInfo")).read();
    }

    /** The modules of a version, which is never 0 here: version 0 has no identity of its own. */
    Optional<ModuleIdentity> moduleOfVersion(int moduleVersion) {
        for (ModuleIdentity each : tdxModuleIdentities) {
            if (each.version() == moduleVersion) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The level to aim at: the first that is up to date, otherwise the best. */
    TcbLevel wantedLevel() {
        for (TcbLevel level : levels) {
            if (level.status() == TcbStatus.UP_TO_DATE) {
                return level;
            }
        }
        return levels.getFirst();
    }
}
