package io.countersign.service.collateral;

/** Things an operator should look at although no request failed because of them alone. */
public enum GatheringWarning {
    /** A vendor certified another key for the same chip and TCB, which genuine hardware never has. */
    KEY_CHANGED("key-changed"),
    /** A revocation list with a lower number than one already seen was offered, and not taken. */
    LOWER_CRL_NUMBER("lower-crl-number"),
    /** An address gave out an older edition of TCB info or of a QE identity than it did before, which was not taken. */
    LOWER_EVALUATION_NUMBER("lower-evaluation-number"),
    /** Something was offered under the name of another thing. */
    MISFIT("misfit"),
    /** A file in the folder could not be read, or is not what its name says. */
    FOLDER_UNREADABLE("folder-unreadable"),
    /** Something fetched could not be kept in the folder. */
    FOLDER_UNWRITABLE("folder-unwritable"),
    /** The folder holds as many machine certificates as configured; more are not written. */
    FOLDER_FULL("folder-full"),
    /** A vendor does not answer, or asks us to slow down. */
    VENDOR_UNAVAILABLE("vendor-unavailable");

    private final String word;

    GatheringWarning(String word) {
        this.word = word;
    }

    /** For metric labels. */
    public String word() {
        return word;
    }
}
