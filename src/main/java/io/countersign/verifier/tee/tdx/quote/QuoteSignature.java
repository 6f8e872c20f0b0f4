package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.nio.ByteOrder;

/**
 * The signature section: who signed the quote, and who vouches for that key. Intel TDX DCAP Quote Generation Library, "Quote
 * Format", ECDSA 256-bit Quote Signature Data Structure; version 3 has the same fields without the nesting.
 *
 * @param quoteSignature r and s over header and body
 * @param attestationKey X and Y on P-256
 * @param qeReportBytes the quoting enclave's report as received: what its signature covers
 * @param qeReportSignature r and s over {@code qeReportBytes}, by the PCK
 * @param authenticationData what the quoting enclave hashed together with its key
 * @param pckChain PEM: PCK certificate, its authority, the root; some producers end it with a NUL
 */
public record QuoteSignature(
        Bytes quoteSignature,
        Bytes attestationKey,
        Bytes qeReportBytes,
        EnclaveReport qeReport,
        Bytes qeReportSignature,
        Bytes authenticationData,
        Bytes pckChain) {
    private static final String STRUCTURE = "quote signature data";
    private static final String CERTIFICATION = "QE report certification data";

    /** Certification data types: Intel SGX ECDSA Quote Library API, "QE Certification Data". */
    private static final int PCK_CHAIN = 5;

    private static final int QE_REPORT = 6;

    /** Genuine chains stay below 4 KiB. */
    private static final int MAX_CERTIFICATION_DATA = 32 * 1024;

    /** The parts that certify the attestation key, in the order in which they stand. */
    private record Certification(Bytes report, Bytes signature, Bytes authenticationData, int type, Bytes chain) {
        static Certification read(ByteCursor in) throws MalformedEvidenceException {
            Bytes report = in.bytes(EnclaveReport.LENGTH);
            Bytes signature = in.bytes(64);
            Bytes authenticationData = in.bytes(in.u16());
            int type = in.u16();
            return new Certification(report, signature, authenticationData, type, sized(in));
        }
    }

    private record Head(Bytes signature, Bytes key, int type, Bytes certification) {}

    static QuoteSignature parse(int version, Bytes section) throws EvidenceException {
        Bytes signature;
        Bytes key;
        Certification certification;
        if (version == 3) {
            var flat = ByteCursor.readExactly(
                    STRUCTURE,
                    section,
                    ByteOrder.LITTLE_ENDIAN,
                    in -> new Flat(in.at(0).bytes(64), in.at(64).bytes(64), Certification.read(in.at(128))));
            signature = flat.signature();
            key = flat.key();
            certification = flat.certification();
        } else {
            Head head = ByteCursor.readExactly(
                    STRUCTURE,
                    section,
                    ByteOrder.LITTLE_ENDIAN,
                    in -> new Head(
                            in.at(0).bytes(64), in.at(64).bytes(64), in.at(128).u16(), sized(in.at(130))));
            if (head.type() != QE_REPORT) {
                throw unsupported(head.type(), QE_REPORT);
            }
            signature = head.signature();
            key = head.key();
            certification = ByteCursor.readExactly(
                    CERTIFICATION, head.certification(), ByteOrder.LITTLE_ENDIAN, Certification::read);
        }
        if (certification.type() != PCK_CHAIN) {
            throw unsupported(certification.type(), PCK_CHAIN);
        }
        return new QuoteSignature(
                signature,
                key,
                certification.report(),
                ByteCursor.readExactly(
                        "QE report", certification.report(), ByteOrder.LITTLE_ENDIAN, EnclaveReport::read),
                certification.signature(),
                certification.authenticationData(),
                certification.chain());
    }

    private record Flat(Bytes signature, Bytes key, Certification certification) {}

    private static Bytes sized(ByteCursor in) throws MalformedEvidenceException {
        long length = in.u32();
        if (length > MAX_CERTIFICATION_DATA) {
            throw in.malformed(
                    "certification data of %d bytes; at most %d are read".formatted(length, MAX_CERTIFICATION_DATA));
        }
        return in.bytes((int) length);
    }

    private static UnsupportedEvidenceException unsupported(int type, int wanted) {
        return new UnsupportedEvidenceException(
                STRUCTURE,
                wanted == PCK_CHAIN
                        ? "certification data of type %d; only type 5, the PCK certificate chain in PEM, can be verified: have the platform provision it"
                                .formatted(type)
                        : "certification data of type %d where a quote of this version has type 6".formatted(type));
    }
}
