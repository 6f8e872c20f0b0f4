package io.countersign.service.collateral;

/** Why a fetch brought nothing; each calls for another kind of patience. */
public enum FetchFailure {
    /** The vendor has no such thing; asking again will not change that soon. */
    NOT_FOUND("not-found"),
    /** The vendor asks us to slow down, whatever we ask for. */
    THROTTLED("throttled"),
    /** No answer came: no connection, no TLS, or not in time. */
    UNREACHABLE("unreachable"),
    /** An answer came that is neither the thing nor a reason. */
    UNEXPECTED_STATUS("unexpected-status"),
    /** What came is not of the kind that was asked for. */
    WRONG_BODY("wrong-body");

    private final String word;

    FetchFailure(String word) {
        this.word = word;
    }

    /** For metric labels. */
    public String word() {
        return word;
    }
}
