package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Evidence;
import io.countersign.verifier.trust.Signatures.Verdict;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** One report and the certificates that came beside it; nothing about either is trusted. */
public final class SnpEvidence implements Evidence {
    private final AttestationReport report;
    private final BroughtCertificates certificates;

    /**
     * Whether the key of a certificate, by its fingerprint, signed this report. A fact about bytes that never change: it
     * is computed once although evidence is looked at several times while endorsements are gathered.
     */
    private final Map<Bytes, Verdict> signedBy = new ConcurrentHashMap<>();

    public SnpEvidence(AttestationReport report, BroughtCertificates certificates) {
        this.report = report;
        this.certificates = certificates;
    }

    public AttestationReport report() {
        return report;
    }

    public BroughtCertificates certificates() {
        return certificates;
    }

    Verdict signedBy(Bytes fingerprint, Function<AttestationReport, Verdict> verification) {
        return signedBy.computeIfAbsent(fingerprint, _ -> verification.apply(report));
    }

    /** The signed range only: the bytes after the signature, and the signature itself, can be changed by anybody. */
    @Override
    public Bytes committedBytes() {
        return report.signedBytes();
    }
}
