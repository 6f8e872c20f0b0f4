package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.ocsp.CertificateId;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Certificate;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether one certificate is revoked.
 *
 * @param issuerKey the issuer's, which the pinned root vouches for
 * @param ref the responder's answer to it
 */
record RevocationQuestion(Certificate subject, Certificate issuer, PublicKey issuerKey, Place place, OcspAnswer ref) {
    RevocationQuestion(Certificate subject, Certificate issuer, PublicKey issuerKey, Place place) {
        this(subject, issuer, issuerKey, place, ref(subject, issuer, place));
    }

    /** Where the certificate stands, which decides how many share it and what a policy may tolerate. */
    enum Place {
        DEVICE,
        DEVICE_AUTHORITY,
        RIM_SIGNER,
        RIM_AUTHORITY;

        OcspAnswer.Scope scope() {
            return switch (this) {
                case DEVICE -> OcspAnswer.Scope.DEVICE;
                case DEVICE_AUTHORITY, RIM_SIGNER, RIM_AUTHORITY -> OcspAnswer.Scope.SHARED;
            };
        }
    }

    /**
     * About a device's certificates: the chip's own and those above it. The leaf is made anew at every start, so that no
     * responder knows it, and the root is pinned.
     */
    static List<RevocationQuestion> ofDevice(SignedChain chain) {
        return from(1, Place.DEVICE, Place.DEVICE_AUTHORITY, chain);
    }

    /** About the certificates that a RIM rests on. */
    static List<RevocationQuestion> ofRim(SignedChain chain) {
        return from(0, Place.RIM_SIGNER, Place.RIM_AUTHORITY, chain);
    }

    private static List<RevocationQuestion> from(int first, Place ofFirst, Place ofOthers, SignedChain chain) {
        var questions = new ArrayList<RevocationQuestion>();
        for (int i = first; i < chain.certificates().size() - 1; i++) {
            questions.add(new RevocationQuestion(
                    chain.certificates().get(i),
                    chain.certificates().get(i + 1),
                    chain.keys().get(i + 1),
                    i == first ? ofFirst : ofOthers));
        }
        return List.copyOf(questions);
    }

    private static OcspAnswer ref(Certificate subject, Certificate issuer, Place place) {
        CertificateId id = CertificateId.sha384(subject, issuer);
        return new OcspAnswer(
                id.issuerNameHash(),
                id.issuerKeyHash(),
                id.serial(),
                place.scope(),
                subject.subjectCommonName(),
                Optional.of(new OcspAnswer.Certificates(subject.der(), issuer.der())));
    }

    String name() {
        return subject.subjectCommonName();
    }
}
