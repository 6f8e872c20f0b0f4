package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.EndorsementRef;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The endorsements that NVIDIA's RIM service and OCSP responder, or copies of them, give out. */
public sealed interface NvidiaEndorsementRef extends EndorsementRef {
    /**
     * Golden values of one driver, VBIOS or switch BIOS. The content is the XML document.
     *
     * @param id as NVIDIA spells it, letters, digits, dots and underscores only: {@code NV_GPU_DRIVER_GH100_550.90.07}
     */
    record Rim(String id) implements NvidiaEndorsementRef {
        @Override
        public String description() {
            return "the RIM " + id;
        }
    }

    /**
     * What the responder says about one certificate. The content is the DER of an OCSPResponse. RFC 6960, section 4.1.1.
     *
     * @param issuerNameHash SHA-384 of the DER of the issuer's name
     * @param issuerKeyHash SHA-384 of the issuer's public key, without tag, length and unused bits
     * @param serial of the certificate asked about
     * @param scope how many devices share this certificate
     * @param subject the certificate's common name, for people
     * @param certificates what a fetched answer is verified with before it is kept; without them none can be
     */
    record OcspAnswer(
            Bytes issuerNameHash,
            Bytes issuerKeyHash,
            BigInteger serial,
            Scope scope,
            String subject,
            Optional<Certificates> certificates)
            implements NvidiaEndorsementRef {
        /** The certificate asked about and the one that issued it, both in DER, of a chain that was verified. */
        public record Certificates(Bytes subject, Bytes issuer) {}

        /** A question whose answer nobody can verify beforehand. */
        public OcspAnswer(Bytes issuerNameHash, Bytes issuerKeyHash, BigInteger serial, Scope scope, String subject) {
            this(issuerNameHash, issuerKeyHash, serial, scope, subject, Optional.empty());
        }

        /** Who has a certificate like this one. */
        public enum Scope {
            /** One chip. */
            DEVICE,
            /** Every device of a family, or every RIM that one signer signed. */
            SHARED
        }

        @Override
        public String description() {
            return "the OCSP answer about the certificate of " + subject;
        }

        /** By what the question names, which is all that the answer is about. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof OcspAnswer that
                    && serial.equals(that.serial)
                    && issuerNameHash.equals(that.issuerNameHash)
                    && issuerKeyHash.equals(that.issuerKeyHash);
        }

        @Override
        public int hashCode() {
            return 31 * serial.hashCode() + issuerKeyHash.hashCode();
        }
    }
}
