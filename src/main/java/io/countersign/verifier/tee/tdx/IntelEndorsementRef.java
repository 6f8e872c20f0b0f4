package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.EndorsementRef;

/** The endorsements that Intel's Provisioning Certification Service, or a cache of it, gives out: Intel PCS API, version 4. */
public sealed interface IntelEndorsementRef extends EndorsementRef {
    /**
     * What Intel says about the TCB levels of one family of platforms. The content is the issuer chain in PEM, signer first,
     * and directly after it the response body verbatim, which begins with its brace; without a chain the body alone.
     *
     * @param fmspc 6 bytes, from a PCK certificate that was verified
     */
    record TcbInfo(TeeType tee, Bytes fmspc) implements IntelEndorsementRef {
        @Override
        public String description() {
            return "Intel's %s TCB info for FMSPC %s".formatted(tee.name(), fmspc);
        }
    }

    /** What Intel says about its quoting enclave. The content has the form of {@link TcbInfo}'s. */
    record QeIdentity(TeeType tee) implements IntelEndorsementRef {
        @Override
        public String description() {
            return "Intel's %s QE identity".formatted(tee.name());
        }
    }

    /** The revocation list of PCK certificates, in DER. */
    record PckCrl(PckCa ca) implements IntelEndorsementRef {
        @Override
        public String description() {
            return "the revocation list of the " + ca.commonName();
        }
    }

    /** The root's revocation list, which covers the PCK authorities and the signer of TCB info, in DER. */
    record RootCaCrl() implements IntelEndorsementRef {
        @Override
        public String description() {
            return "the revocation list of the Intel SGX Root CA";
        }
    }

    /**
     * The highest TCB evaluation data number that the service itself fetched for this kind and family, from its memory: never
     * fetched for its own sake, and never in hand when a request is judged as of another time. The content is the number in
     * decimal digits.
     */
    record SeenEvaluationNumber(TeeType tee, Bytes fmspc) implements IntelEndorsementRef {
        @Override
        public String description() {
            return "the newest %s TCB evaluation data number fetched here for FMSPC %s".formatted(tee.name(), fmspc);
        }
    }
}
