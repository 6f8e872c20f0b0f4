package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a request brings beside the report: PEM text, one certificate in DER, or the extended report's certificate table.
 *
 * @param candidates certificates that may be the VEK; ARK, ASK and ASVK are left out, since only pinned ones count
 * @param count how many certificates were brought, those left out included
 * @param crl a revocation list from the table, not yet read
 */
public record BroughtCertificates(List<Candidate> candidates, int count, Optional<Bytes> crl) {
    static final int MAX_CERTIFICATES = 16;
    private static final int DER_SEQUENCE = 0x30;
    private static final String STRUCTURE = "certificates";
    private static final BroughtCertificates NONE = new BroughtCertificates(List.of(), 0, Optional.empty());

    private static final Set<String> AUTHORITY_NAMES = Stream.of(Product.values())
            .flatMap(product -> Stream.of(
                    AmdNames.ark(product),
                    AmdNames.intermediate(product, VekKind.VCEK),
                    AmdNames.intermediate(product, VekKind.VLEK)))
            .collect(Collectors.toUnmodifiableSet());

    /**
     * A certificate that may be the VEK.
     *
     * @param entry the kind of table entry it stands in; empty outside tables
     */
    public record Candidate(Certificate certificate, Optional<VekKind> entry) {}

    public BroughtCertificates {
        candidates = List.copyOf(candidates);
    }

    public static BroughtCertificates none() {
        return NONE;
    }

    static BroughtCertificates parse(Bytes content, CertificateReader reader) throws MalformedEvidenceException {
        if (content.length() == 0) {
            return NONE;
        }
        if (PemBundle.looksLike(content)) {
            return of(PemBundle.split(content, MAX_CERTIFICATES), reader);
        }
        if (content.u8(0) == DER_SEQUENCE) {
            return of(List.of(content), reader);
        }
        return table(content, reader);
    }

    private static BroughtCertificates of(List<Bytes> ders, CertificateReader reader)
            throws MalformedEvidenceException {
        var candidates = new ArrayList<Candidate>();
        for (int i = 0; i < ders.size(); i++) {
            Certificate certificate = read(ders.get(i), "certificate " + (i + 1), 0, reader);
            if (!AUTHORITY_NAMES.contains(certificate.subjectCommonName())) {
                candidates.add(new Candidate(certificate, Optional.empty()));
            }
        }
        return new BroughtCertificates(candidates, ders.size(), Optional.empty());
    }

    private static BroughtCertificates table(Bytes content, CertificateReader reader)
            throws MalformedEvidenceException {
        var candidates = new ArrayList<Candidate>();
        int count = 0;
        Optional<Bytes> crl = Optional.empty();
        for (CertificateTable.Entry entry : CertificateTable.parse(content)) {
            if (entry.content() == CertificateTable.Content.CRL) {
                crl = Optional.of(entry.blob());
                continue;
            }
            Optional<VekKind> kind =
                    switch (entry.content()) {
                        case VCEK -> Optional.of(VekKind.VCEK);
                        case VLEK -> Optional.of(VekKind.VLEK);
                        case ASK, ARK, CRL -> Optional.empty();
                    };
            // Some hosts put PEM where the specification has DER.
            List<Bytes> ders = PemBundle.looksLike(entry.blob())
                    ? PemBundle.split(entry.blob(), MAX_CERTIFICATES)
                    : List.of(entry.blob());
            for (Bytes der : ders) {
                Certificate certificate =
                        read(der, entry.content() + " entry of the certificate table", entry.offset(), reader);
                kind.ifPresent(known -> candidates.add(new Candidate(certificate, Optional.of(known))));
            }
            count += ders.size();
        }
        if (count > MAX_CERTIFICATES) {
            throw new MalformedEvidenceException(STRUCTURE, 0, "more than " + MAX_CERTIFICATES + " certificates");
        }
        return new BroughtCertificates(candidates, count, crl);
    }

    private static Certificate read(Bytes der, String what, int offset, CertificateReader reader)
            throws MalformedEvidenceException {
        try {
            return reader.read(der);
        } catch (MalformedDerException e) {
            throw new MalformedEvidenceException(what, offset, e.getMessage());
        }
    }

    /** These and then those; a revocation list of the first wins. */
    BroughtCertificates and(BroughtCertificates more) {
        return new BroughtCertificates(
                Stream.concat(candidates.stream(), more.candidates.stream()).toList(),
                count + more.count,
                crl.or(more::crl));
    }
}
