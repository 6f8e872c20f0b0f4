package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** The lengths, types and ends of a quote's signature section, each of which can be made wrong. */
public final class QuoteSection {
    /** Certification data of this type holds QE report, its signature and the certification data proper: from version 4. */
    private static final int QE_REPORT_CERTIFICATION_DATA = 6;

    private int containerType = QE_REPORT_CERTIFICATION_DATA;
    private int certificationType = 5;
    private Bytes certification = Bytes.empty();
    private Bytes afterCertification = Bytes.empty();
    private Bytes afterContainer = Bytes.empty();
    private Bytes trailing = Bytes.empty();
    private LongUnaryOperator sectionLength = LongUnaryOperator.identity();
    private LongUnaryOperator containerSize = LongUnaryOperator.identity();
    private LongUnaryOperator authenticationLength = LongUnaryOperator.identity();
    private LongUnaryOperator certificationSize = LongUnaryOperator.identity();

    QuoteSection() {}

    void certification(int type, Bytes data) {
        certificationType = type;
        certification = data;
    }

    /** The type outside, 6 in every genuine quote of version 4 or 5. */
    public QuoteSection containerType(int type) {
        containerType = type;
        return this;
    }

    public QuoteSection certificationType(int type) {
        certificationType = type;
        return this;
    }

    /** What the length of the whole section says; the section itself stays. */
    public QuoteSection sectionLength(LongUnaryOperator change) {
        sectionLength = change;
        return this;
    }

    public QuoteSection containerSize(LongUnaryOperator change) {
        containerSize = change;
        return this;
    }

    public QuoteSection authenticationLength(LongUnaryOperator change) {
        authenticationLength = change;
        return this;
    }

    public QuoteSection certificationSize(LongUnaryOperator change) {
        certificationSize = change;
        return this;
    }

    /** Bytes after the certificates that the container's size counts, and theirs does not. */
    public QuoteSection afterCertification(Bytes slack) {
        afterCertification = slack;
        return this;
    }

    /** Bytes after the container that the section's length counts, and the container's size does not. */
    public QuoteSection afterContainer(Bytes slack) {
        afterContainer = slack;
        return this;
    }

    /** Bytes after the section that nothing counts. */
    public QuoteSection trailing(Bytes padding) {
        trailing = padding;
        return this;
    }

    Bytes around(
            QuoteForm form,
            Bytes region,
            Bytes signatureAndKey,
            Bytes qeReportAndSignature,
            Bytes authenticationData,
            UnaryOperator<Bytes> lastChange) {
        Bytes data = lastChange.apply(certification);
        Bytes inner = Bytes.concat(
                qeReportAndSignature,
                LittleEndian.u16((int) authenticationLength.applyAsLong(authenticationData.length())),
                authenticationData,
                LittleEndian.u16(certificationType),
                LittleEndian.u32(certificationSize.applyAsLong(data.length())),
                data,
                afterCertification);
        Bytes container = form.version() == 3
                ? inner
                : Bytes.concat(
                        LittleEndian.u16(containerType),
                        LittleEndian.u32(containerSize.applyAsLong(inner.length())),
                        inner);
        Bytes section = Bytes.concat(signatureAndKey, container, afterContainer);
        return Bytes.concat(region, LittleEndian.u32(sectionLength.applyAsLong(section.length())), section, trailing);
    }
}
