package io.countersign.verifier.policy;

/** How an expression ends. Whatever is neither true nor false, errors included, is unknown. */
enum Truth {
    MET,
    NOT_MET,
    UNKNOWN
}
