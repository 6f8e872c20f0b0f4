package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import java.util.List;
import java.util.Optional;

/** Where the VEK certificate of one report comes from, or why there is none. */
sealed interface VekSource {
    /** The request's slot for certificates beside the evidence. */
    String SLOT = "amd.certificates";

    /** The request brought certificates: only these count. */
    record Brought(BroughtCertificates certificates) implements VekSource {}

    /** The request brought something that cannot be read. */
    record BroughtUnreadable(String why) implements VekSource {}

    record Gathered(Certificate certificate, Availability.InHand own) implements VekSource {}

    record GatheredUnreadable(String why, Availability.InHand own) implements VekSource {}

    /** Nobody has been asked for this one yet. */
    record Wanted(AmdEndorsementRef.Vcek ref) implements VekSource {}

    record NotInHand(Outcome.Undetermined why) implements VekSource {}

    /** The report's format is refused, and anybody could make us fetch with such bytes. */
    record FormatRefused() implements VekSource {}

    /** No certificate can be asked for, because CHIP_ID names no chip. */
    record NoChipId() implements VekSource {}

    static VekSource of(SnpEvidence evidence, Endorsements inHand, CertificateReader reader) {
        try {
            BroughtCertificates brought = evidence.certificates();
            for (Bytes text : inHand.brought(SLOT)) {
                brought = brought.and(BroughtCertificates.parse(text, reader));
            }
            if (brought.count() > 0) {
                return new Brought(brought);
            }
        } catch (MalformedEvidenceException e) {
            return new BroughtUnreadable(e.getMessage());
        }
        return gathered(evidence.report(), inHand, reader);
    }

    private static VekSource gathered(AttestationReport report, Endorsements inHand, CertificateReader reader) {
        Optional<VekKind> kind = report.keyInfo().vekKind();
        if (kind.isEmpty() || !ReportFormat.findings(report, report.product()).isEmpty()) {
            return new FormatRefused();
        }
        if (kind.get() == VekKind.VLEK) {
            return new NotInHand(new Outcome.Undetermined(
                    "the VLEK certificate that signed this report",
                    Outcome.Cause.NOT_IN_HAND,
                    "AMD gives VLEK certificates to the cloud provider only: bring the one that the extended report's"
                            + " certificate table holds, in \"certificates\"."));
        }
        List<AmdEndorsementRef.Vcek> refs = refs(report);
        if (refs.isEmpty()) {
            return new NoChipId();
        }
        return firstInHand(refs, inHand, reader);
    }

    private static VekSource firstInHand(
            List<AmdEndorsementRef.Vcek> refs, Endorsements inHand, CertificateReader reader) {
        var cause = Outcome.Cause.NOT_IN_HAND;
        String reasons = "";
        for (AmdEndorsementRef.Vcek ref : refs) {
            if (!inHand.answered(ref)) {
                return new Wanted(ref);
            }
            switch (inHand.gathered(ref)) {
                case Availability.InHand own -> {
                    return read(own, reader);
                }
                case Availability.Missing(String why, Outcome.Cause missingBecause) -> {
                    cause = missingBecause == Outcome.Cause.NOT_FETCHED ? missingBecause : cause;
                    reasons = (reasons.isEmpty() ? "" : reasons + "; ") + ref.description() + ": " + why;
                }
            }
        }
        return new NotInHand(notInHand(reasons, cause));
    }

    static Outcome.Undetermined notInHand(String missing, Outcome.Cause cause) {
        return new Outcome.Undetermined(
                missing,
                cause,
                "Bring the certificate in \"certificates\", or let the service reach AMD's Key Distribution Service.");
    }

    private static VekSource read(Availability.InHand own, CertificateReader reader) {
        try {
            return new Gathered(reader.read(own.content()), own);
        } catch (MalformedDerException e) {
            return new GatheredUnreadable(e.getMessage(), own);
        }
    }

    /**
     * What to ask AMD for, in order. Version 2 states no product line: a CHIP_ID of 8 bytes can only be Turin's, any other
     * is Milan's or Genoa's.
     */
    private static List<AmdEndorsementRef.Vcek> refs(AttestationReport report) {
        if (report.chipIdMasked()) {
            return List.of();
        }
        boolean turinShape = report.chipId()
                .slice(Product.TURIN.hardwareIdLength(), report.chipId().length())
                .isAllZero();
        List<Product> products = report.product()
                .map(List::of)
                .orElse(turinShape ? List.of(Product.TURIN) : List.of(Product.MILAN, Product.GENOA));
        return products.stream()
                .filter(product -> product != Product.TURIN || turinShape)
                .map(product -> new AmdEndorsementRef.Vcek(
                        product,
                        report.chipId().slice(0, product.hardwareIdLength()),
                        SnpTcb.decode(report.reportedTcb(), product)))
                .toList();
    }
}
