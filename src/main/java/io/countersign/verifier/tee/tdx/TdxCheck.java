package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.SpecRef;
import java.util.List;
import java.util.Optional;

/** What must hold for a TDX or SGX quote to be genuine, and what else is looked at. */
public enum TdxCheck implements CheckId {
    FORMAT(
            "tdx.format",
            "Every field of the quote holds a value that Intel defines, what is reserved is zero, and nothing but zeros follows.",
            "Intel TDX DCAP Quote Generation Library",
            "Quote Format"),
    QUOTE_SIGNATURE(
            "tdx.quote-signature",
            "The attestation key in the quote signed its header and body.",
            "Intel TDX DCAP Quote Generation Library",
            "Quote Format, ECDSA 256-bit Quote Signature Data Structure"),
    QE_REPORT(
            "tdx.qe-report",
            "A quoting enclave that cannot be debugged vouches for the attestation key, and the PCK signed its report.",
            "Intel TDX DCAP Quote Generation Library",
            "Quote Format, QE Report Certification Data"),
    PCK_CHAIN(
            "tdx.pck-chain",
            "The PCK certificate is signed through its authority by a pinned Intel root, and all three are valid now.",
            "Intel SGX PCK Certificate and CRL Profile Specification",
            "chapter 1; RFC 5280, section 6.1"),
    COLLATERAL(
            "tdx.collateral",
            "Intel signed the TCB info of this platform and the identity of its quoting enclave, and both are valid now.",
            "Intel PCS API, version 4",
            "Get TDX TCB Info; Get TDX QE Identity"),
    REVOCATION(
            "tdx.revocation",
            "Current revocation lists do not list the PCK certificate, its authority or the signer of the collateral.",
            "Intel SGX PCK Certificate and CRL Profile Specification",
            "chapter 2; RFC 5280, section 6.3") {
        @Override
        public boolean waivableWhenUndetermined() {
            return true;
        }
    },
    BINDING(
            "tdx.binding",
            "REPORTDATA holds exactly what the nonce, the key and the devices of this request ask for.",
            "Countersign design",
            "section 6, binding"),
    TCB(
            "tdx.tcb",
            "Intel calls the platform, its TDX module and its quoting enclave up to date.",
            "Intel PCS API, version 4",
            "Get TDX TCB Info, TCB status") {
        @Override
        public Kind kind() {
            return Kind.APPRAISAL;
        }

        @Override
        public Optional<Concern> concern() {
            return Optional.of(Concern.HARDWARE);
        }
    },
    EVENT_LOG(
            "tdx.event-log",
            "Replaying the event log gives the run-time measurement registers of the quote.",
            "TCG PC Client Platform Firmware Profile",
            "section 10, Event Logging; UEFI, section 38, Confidential Computing") {
        @Override
        public Kind kind() {
            return Kind.APPRAISAL;
        }

        @Override
        public Optional<Concern> concern() {
            return Optional.of(Concern.EXECUTABLES);
        }

        @Override
        public boolean blocksWhenNotAsked() {
            return false;
        }
    };

    /** SGX quotes come without an event log. */
    static final List<TdxCheck> OF_SGX =
            List.of(FORMAT, QUOTE_SIGNATURE, QE_REPORT, PCK_CHAIN, COLLATERAL, REVOCATION, BINDING, TCB);

    private final String code;
    private final String summary;
    private final String document;
    private final String section;

    TdxCheck(String code, String summary, String document, String section) {
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
