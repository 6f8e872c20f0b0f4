package io.countersign.verifier.tee.snp;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.SpecRef;

/** What must hold for an SNP report to be genuine. */
public enum SnpCheck implements CheckId {
    FORMAT(
            "snp.format",
            "Every field of the report holds a value that AMD defines, and what is reserved is zero.",
            "AMD 56860 SEV-SNP Firmware ABI",
            "Table 23, ATTESTATION_REPORT Structure"),
    REPORT_SIGNATURE(
            "snp.report-signature",
            "The key of the VEK certificate signed this report.",
            "AMD 56860 SEV-SNP Firmware ABI",
            "section 7.3, Attestation; FIPS 186-5, section 6.4.2"),
    VEK_CHAIN(
            "snp.vek-chain",
            "The VEK certificate is signed through the ASK or ASVK by a pinned ARK, and all three are valid now.",
            "AMD 57230 VCEK Certificate and KDS Interface",
            "VCEK Certificate; RFC 5280, section 6.1"),
    VEK_MATCHES_REPORT(
            "snp.vek-matches-report",
            "The VEK certificate names the report's kind of key, product line, reported TCB and chip.",
            "AMD 57230 VCEK Certificate and KDS Interface",
            "VCEK Certificate, X.509 extensions"),
    REVOCATION(
            "snp.revocation",
            "A current revocation list of the same ARK does not list the ASK or ASVK of the chain.",
            "AMD 57230 VCEK Certificate and KDS Interface",
            "chapter 4, Key Distribution Service; RFC 5280, section 6.3") {
        @Override
        public boolean waivableWhenUndetermined() {
            return true;
        }
    },
    BINDING(
            "snp.binding",
            "REPORT_DATA holds exactly what the nonce, the key and the devices of this request ask for.",
            "Countersign design",
            "section 6, binding");

    private final String code;
    private final String summary;
    private final String document;
    private final String section;

    SnpCheck(String code, String summary, String document, String section) {
        this.code = code;
        this.summary = summary;
        this.document = document;
        this.section = section;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public SpecRef spec() {
        return new SpecRef(document, section);
    }
}
