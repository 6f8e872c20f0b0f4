package io.countersign.insecure;

/** What a quote consists of, for those who change it after it was signed. */
public enum QuotePart {
    HEADER,
    /** Version 5 only. */
    DESCRIPTOR,
    BODY,
    SIGNATURE,
    ATTESTATION_KEY,
    QE_REPORT,
    QE_SIGNATURE,
    AUTHENTICATION_DATA,
    CERTIFICATION_DATA
}
