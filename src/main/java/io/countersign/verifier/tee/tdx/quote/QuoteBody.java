package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;

/** What a quote is about: a TD or an enclave. */
public sealed interface QuoteBody permits TdReport, EnclaveReport {
    /** The 64 bytes that the guest or enclave put in. */
    Bytes reportData();
}
