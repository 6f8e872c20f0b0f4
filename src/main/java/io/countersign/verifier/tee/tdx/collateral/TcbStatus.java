package io.countersign.verifier.tee.tdx.collateral;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * How Intel judges a TCB, in Intel's words: Intel PCS API, version 4, "Get TDX TCB Info", member {@code tcbStatus}; the two
 * about relaunching are computed, as the Quote Verification Library does, and so are the last two, which are not Intel's words.
 */
public enum TcbStatus {
    UP_TO_DATE("UpToDate"),
    SW_HARDENING_NEEDED("SWHardeningNeeded"),
    CONFIGURATION_NEEDED("ConfigurationNeeded"),
    CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
    /** The host is up to date, but this TD was launched before it was. */
    TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
    OUT_OF_DATE("OutOfDate"),
    OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
    REVOKED("Revoked"),
    /** Older than every level that Intel lists. */
    TCB_LEVEL_NOT_SUPPORTED("TCB_LEVEL_NOT_SUPPORTED"),
    /** The TDX module is none that Intel lists, or not signed as listed. */
    TDX_MODULE_MISMATCH("TDX_MODULE_MISMATCH");

    private final String word;

    TcbStatus(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The status of a level of a platform, by Intel's word for it; empty for any other word. */
    static Optional<TcbStatus> ofPlatformLevel(String word) {
        return Stream.of(values())
                .filter(status -> status.isListedForPlatforms() && status.word.equals(word))
                .findFirst();
    }

    /** The status of a level of a TDX module or an enclave: UpToDate, OutOfDate or Revoked; empty for any other word. */
    static Optional<TcbStatus> ofSoftwareLevel(String word) {
        return Stream.of(UP_TO_DATE, OUT_OF_DATE, REVOKED)
                .filter(status -> status.word.equals(word))
                .findFirst();
    }

    /** Whether part of what Intel asks for is another configuration of the platform. */
    boolean asksForConfiguration() {
        return switch (this) {
            case CONFIGURATION_NEEDED,
                    CONFIGURATION_AND_SW_HARDENING_NEEDED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    OUT_OF_DATE_CONFIGURATION_NEEDED -> true;
            case UP_TO_DATE,
                    SW_HARDENING_NEEDED,
                    TD_RELAUNCH_ADVISED,
                    OUT_OF_DATE,
                    REVOKED,
                    TCB_LEVEL_NOT_SUPPORTED,
                    TDX_MODULE_MISMATCH -> false;
        };
    }

    /**
     * This status with that of a part taken in, as the Quote Verification Library converges them: a part can only make it
     * worse. What is revoked, not listed or not Intel's ends every other consideration, the later of these in that order.
     *
     * @param part of a TDX module or a quoting enclave
     */
    TcbStatus convergedWith(TcbStatus part) {
        return switch (part) {
            case UP_TO_DATE -> this;
            case OUT_OF_DATE -> {
                if (isFinal()) {
                    yield this;
                }
                yield asksForConfiguration() ? OUT_OF_DATE_CONFIGURATION_NEEDED : OUT_OF_DATE;
            }
            case REVOKED, TCB_LEVEL_NOT_SUPPORTED, TDX_MODULE_MISMATCH -> compareTo(part) > 0 ? this : part;
            case SW_HARDENING_NEEDED,
                    CONFIGURATION_NEEDED,
                    CONFIGURATION_AND_SW_HARDENING_NEEDED,
                    TD_RELAUNCH_ADVISED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    OUT_OF_DATE_CONFIGURATION_NEEDED ->
                throw new IllegalArgumentException("no TDX module and no enclave is " + part.word);
        };
    }

    private boolean isFinal() {
        return switch (this) {
            case REVOKED, TCB_LEVEL_NOT_SUPPORTED, TDX_MODULE_MISMATCH -> true;
            case UP_TO_DATE,
                    SW_HARDENING_NEEDED,
                    CONFIGURATION_NEEDED,
                    CONFIGURATION_AND_SW_HARDENING_NEEDED,
                    TD_RELAUNCH_ADVISED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    OUT_OF_DATE,
                    OUT_OF_DATE_CONFIGURATION_NEEDED -> false;
        };
    }

    private boolean isListedForPlatforms() {
        return switch (this) {
            case UP_TO_DATE,
                    SW_HARDENING_NEEDED,
                    CONFIGURATION_NEEDED,
                    CONFIGURATION_AND_SW_HARDENING_NEEDED,
                    OUT_OF_DATE,
                    OUT_OF_DATE_CONFIGURATION_NEEDED,
                    REVOKED -> true;
            case TD_RELAUNCH_ADVISED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                    TCB_LEVEL_NOT_SUPPORTED,
                    TDX_MODULE_MISMATCH -> false;
        };
    }
}
