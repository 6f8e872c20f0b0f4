package io.countersign.verifier.tee.nvgpu;

/** Who handed an OCSP answer or a revocation list in, which decides what a bad one means and what to do about it. */
enum RevocationOrigin {
    REQUEST("Leave it out of \"endorsements\", so that this service asks NVIDIA's responder, or bring a current one."),
    SERVICE(
            "NVIDIA's responder, or the copy of its answer that this service keeps, is at fault, not the evidence: discard the"
                    + " copy or bring a current one along.");

    static final String GET_ONE =
            "Bring it in \"endorsements\", let the service reach NVIDIA's OCSP responder, or, offline,"
                    + " put it into the folder of endorsements.";

    /** Follows the hint where what a request brought is of another time than the one it is judged at. */
    static final String OR_AT = " To judge as of the time it was valid, send \"at\" with an appraisal.";

    private final String hint;

    RevocationOrigin(String hint) {
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
