package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Judges a TCB by Intel's collateral, step by step as the Quote Verification Library does (DCAP 1.21 to 1.23; Intel PCS API,
 * version 4, "Get TDX TCB Info", tells the first steps).
 *
 * <p>That the collateral is signed, within its dates, and of the platform's own family (FMSPC, PCE-ID) is for the caller to
 * see first. Collateral of another kind of TEE than the quote's gives TCB_LEVEL_NOT_SUPPORTED or TDX_MODULE_MISMATCH here:
 * never a better status for want of something to compare.
 */
public final class TcbEvaluation {
    /** Where TEE_TCB_SVN has the module's own number, its version, and the number of late microcode. */
    private static final int MODULE_SVN = 0;

    private static final int MODULE_VERSION = 1;
    private static final int LATE_MICROCODE = 2;

    private TcbEvaluation() {}

    /**
     * The verdict on one quote.
     *
     * @param module empty for SGX quotes
     * @param qeIsvSvn ISVSVN of the enclave that made the quote
     */
    public static TcbVerdict judge(
            TcbInfo info, EnclaveIdentity identity, PlatformTcb platform, Optional<ModuleTcb> module, int qeIsvSvn) {
        Levels levels = Levels.match(info, platform, module);
        ModuleFinding found = module.isPresent() ? ModuleFinding.of(info, module.get()) : ModuleFinding.NOT_ASKED;
        PartStanding platformStanding = levels.reached.isPresent()
                ? PartStanding.at(levels.reached.getAsInt(), info.levels().get(levels.reached.getAsInt()))
                : PartStanding.none(TcbPart.PLATFORM, TcbStatus.TCB_LEVEL_NOT_SUPPORTED);
        PartStanding enclave = quotingEnclave(identity, module.isPresent(), qeIsvSvn);

        TcbStatus converged = platformStanding.status();
        if (found.standing.isPresent()) {
            converged = converged.convergedWith(found.standing.get().status());
        }
        List<Mismatch> mismatches = found.mismatches;
        if (module.isPresent() && asksForRelaunch(info, levels, found, converged, enclave.status())) {
            Launch launch = Launch.of(info, module.get());
            mismatches = launch.mismatches;
            converged = launch.converged(converged, info, levels);
        }
        TcbStatus status = converged.convergedWith(enclave.status());
        return new TcbVerdict(
                status,
                platformStanding,
                found.standing,
                enclave,
                mismatches,
                status == TcbStatus.UP_TO_DATE
                        ? List.of()
                        : shortfalls(info, identity, platform, module, found, qeIsvSvn));
    }

    /** A quoting enclave of the other kind of TEE has no level here, whatever its number. */
    private static PartStanding quotingEnclave(EnclaveIdentity identity, boolean ofTd, int isvSvn) {
        if (identity.id() != (ofTd ? EnclaveIdentity.Id.TD_QE : EnclaveIdentity.Id.QE)) {
            return PartStanding.none(TcbPart.QUOTING_ENCLAVE, TcbStatus.TCB_LEVEL_NOT_SUPPORTED);
        }
        return PartStanding.among(identity.levels(), isvSvn, TcbPart.QUOTING_ENCLAVE);
    }

    /**
     * Whether it makes sense to look if a relaunch would help: nothing but what a TD keeps from its launch is out of date.
     */
    private static boolean asksForRelaunch(
            TcbInfo info, Levels levels, ModuleFinding found, TcbStatus converged, TcbStatus enclave) {
        return enclave == TcbStatus.UP_TO_DATE
                && levels.sgx.isPresent()
                && isAtMostAdvice(info.levels().get(levels.sgx.getAsInt()).status())
                && (converged == TcbStatus.OUT_OF_DATE || converged == TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED)
                && found.standing.isPresent()
                && found.standing.get().status() == TcbStatus.OUT_OF_DATE;
    }

    private static boolean isAtMostAdvice(TcbStatus status) {
        return switch (status) {
            case UP_TO_DATE, SW_HARDENING_NEEDED, CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED -> true;
            case TD_RELAUNCH_ADVISED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    OUT_OF_DATE,
                    OUT_OF_DATE_CONFIGURATION_NEEDED,
                    REVOKED,
                    TCB_LEVEL_NOT_SUPPORTED,
                    TDX_MODULE_MISMATCH -> false;
        };
    }

    private static List<Shortfall> shortfalls(
            TcbInfo info,
            EnclaveIdentity identity,
            PlatformTcb platform,
            Optional<ModuleTcb> module,
            ModuleFinding found,
            int qeIsvSvn) {
        var shortfalls = new Shortfalls();
        if (info.tee() == (module.isPresent() ? TeeType.TDX : TeeType.SGX)) {
            Optional<Bytes> svn = module.map(ModuleTcb::teeTcbSvn);
            shortfalls.platform(
                    info.wantedLevel(),
                    platform,
                    svn,
                    svn.map(TcbEvaluation::fromComponent).orElse(0));
            found.identity.ifPresent(each -> shortfalls.module(
                    each, svn.map(bytes -> bytes.u8(MODULE_SVN)).orElse(0)));
        }
        if (identity.id() == (module.isPresent() ? EnclaveIdentity.Id.TD_QE : EnclaveIdentity.Id.QE)) {
            shortfalls.quotingEnclave(identity, qeIsvSvn);
        }
        return shortfalls.all();
    }

    /** The two bytes about a module with a line of its own are judged there, and not by the platform's levels. */
    private static int fromComponent(Bytes teeTcbSvn) {
        return teeTcbSvn.u8(MODULE_VERSION) > 0 ? LATE_MICROCODE : 0;
    }

    /**
     * Which levels a platform reaches.
     *
     * @param sgx the first whose SGX components and PCE number it reaches
     * @param reached the first whose TDX components it reaches as well; for SGX quotes the same
     */
    private record Levels(OptionalInt sgx, OptionalInt reached) {
        static Levels match(TcbInfo info, PlatformTcb platform, Optional<ModuleTcb> module) {
            if (info.tee() != (module.isPresent() ? TeeType.TDX : TeeType.SGX)) {
                return new Levels(OptionalInt.empty(), OptionalInt.empty());
            }
            Bytes svns = platform.svns();
            int sgx = -1;
            for (int i = 0; i < info.levels().size(); i++) {
                TcbLevel level = info.levels().get(i);
                if (!level.sgx().areAtMost(svns, 0) || platform.pceSvn() < level.pceSvn()) {
                    continue;
                }
                if (sgx < 0) {
                    sgx = i;
                }
                if (module.isEmpty() || reaches(module.get().teeTcbSvn(), level)) {
                    return new Levels(OptionalInt.of(sgx), OptionalInt.of(i));
                }
            }
            return new Levels(sgx < 0 ? OptionalInt.empty() : OptionalInt.of(sgx), OptionalInt.empty());
        }

        private static boolean reaches(Bytes teeTcbSvn, TcbLevel level) {
            return level.tdx().isPresent() && level.tdx().get().areAtMost(teeTcbSvn, fromComponent(teeTcbSvn));
        }
    }

    /**
     * What there is about the TDX module that a TD was launched under.
     *
     * @param standing empty when the platform's levels judge the module
     * @param identity its line, if it is of one that Intel lists
     */
    private record ModuleFinding(
            Optional<PartStanding> standing, Optional<ModuleIdentity> identity, List<Mismatch> mismatches) {
        static final ModuleFinding NOT_ASKED = new ModuleFinding(Optional.empty(), Optional.empty(), List.of());

        static ModuleFinding of(TcbInfo info, ModuleTcb module) {
            int version = module.teeTcbSvn().u8(MODULE_VERSION);
            Optional<ModuleIdentity> identity = version > 0 ? info.moduleOfVersion(version) : Optional.empty();
            Optional<ModuleSigner> signer = version > 0 ? identity.map(ModuleIdentity::signer) : info.tdxModule();
            List<Mismatch> mismatches = signer.isPresent()
                    ? signer.get().mismatches(module)
                    : List.of(unlisted("TEE_TCB_SVN", version, info));
            if (!mismatches.isEmpty()) {
                PartStanding standing = PartStanding.none(TcbPart.TDX_MODULE, TcbStatus.TDX_MODULE_MISMATCH);
                return new ModuleFinding(Optional.of(standing), identity, mismatches);
            }
            return new ModuleFinding(
                    identity.map(each ->
                            PartStanding.among(each.levels(), module.teeTcbSvn().u8(MODULE_SVN), TcbPart.TDX_MODULE)),
                    identity,
                    List.of());
        }

        static Mismatch unlisted(String field, int version, TcbInfo info) {
            List<String> listed =
                    info.tdxModuleIdentities().stream().map(ModuleIdentity::id).toList();
            return new Mismatch(
                    field,
                    listed.isEmpty() ? "a module that TCB info lists (none)" : "one of " + String.join(", ", listed),
                    "of " + ModuleIdentity.id(version));
        }
    }

    /** What the module that runs now would give a TD that is launched now: TEE_TCB_SVN2 of the TD Report 1.5 body. */
    private record Launch(boolean helps, List<Mismatch> mismatches) {
        private static final Launch NO_HELP = new Launch(false, List.of());

        static Launch of(TcbInfo info, ModuleTcb module) {
            Optional<TcbComponents> best = info.levels().getFirst().tdx();
            if (module.teeTcbSvn2().isEmpty() || best.isEmpty()) {
                return NO_HELP;
            }
            Bytes now = module.teeTcbSvn2().get();
            int version = now.u8(MODULE_VERSION);
            int wanted = best.get().svn(MODULE_SVN);
            if (version > 0) {
                Optional<ModuleIdentity> identity = info.moduleOfVersion(version);
                if (identity.isEmpty()) {
                    return new Launch(false, List.of(ModuleFinding.unlisted("TEE_TCB_SVN2", version, info)));
                }
                wanted = identity.get().levels().getFirst().isvSvn();
            }
            boolean helps = now.u8(MODULE_SVN) >= wanted
                    && now.u8(LATE_MICROCODE) >= best.get().svn(LATE_MICROCODE);
            return new Launch(helps, List.of());
        }

        TcbStatus converged(TcbStatus before, TcbInfo info, Levels levels) {
            if (!mismatches.isEmpty()) {
                return TcbStatus.TDX_MODULE_MISMATCH;
            }
            if (!helps) {
                return before;
            }
            TcbStatus sgx = info.levels().get(levels.sgx.orElseThrow()).status();
            return sgx.asksForConfiguration() || before.asksForConfiguration()
                    ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED
                    : TcbStatus.TD_RELAUNCH_ADVISED;
        }
    }
}
