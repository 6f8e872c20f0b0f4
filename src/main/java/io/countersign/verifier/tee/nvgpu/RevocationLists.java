package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaSignature;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** What a revocation list that a request brings means for one certificate. RFC 5280, section 6.3. */
final class RevocationLists {
    private static final String FACT = "nvidia-crl";

    /** A list that was brought, and who should have signed it. */
    private record SignedBy(Bytes list, Bytes issuer) {}

    private final Signatures signatures;
    private final SignatureFacts facts;

    RevocationLists(Signatures signatures, SignatureFacts facts) {
        this.signatures = signatures;
        this.facts = facts;
    }

    /** Whether a list speaks about the certificates of an issuer; nobody has vouched for it yet. */
    static boolean isOf(Certificate issuer, RevocationList list) {
        Optional<Bytes> named = list.authorityKeyIdentifier();
        Optional<Bytes> key = keyIdentifier(issuer);
        // Two authorities of one name are told apart by their keys.
        boolean another = named.isPresent() && key.isPresent() && !named.get().equals(key.get());
        return list.issuer().equals(issuer.subject()) && !another;
    }

    private static Optional<Bytes> keyIdentifier(Certificate issuer) {
        return issuer.extension(Extension.subjectKeyIdentifier.getId()).flatMap(value -> {
            try {
                return Optional.of(Bytes.copyOf(
                        SubjectKeyIdentifier.getInstance(value.toByteArray()).getKeyIdentifier()));
            } catch (RuntimeException _) {
                return Optional.empty();
            }
        });
    }

    /** A list that is known to be signed by the issuer of a certificate, without reading it anew. */
    Optional<RevocationList> known(Bytes der, RevocationQuestion question) {
        return facts.recall(fact(der, question), RevocationList.class);
    }

    /** Whether the issuer of a certificate signed a list, and everything that makes it different from others is known. */
    boolean isSound(RevocationList list, RevocationQuestion question, Endorsements inHand) {
        return isSigned(list, question, inHand)
                && list.unknownCriticalExtensions().isEmpty();
    }

    /** Once for all devices of a request, also when it is not. */
    private boolean isSigned(RevocationList list, RevocationQuestion question, Endorsements inHand) {
        return inHand.once(
                        new SignedBy(list.der().sha256(), question.issuer().fingerprint()),
                        Signatures.Verdict.class,
                        () -> isSigned(list, question) ? Signatures.Verdict.VALID : Signatures.Verdict.INVALID)
                == Signatures.Verdict.VALID;
    }

    private boolean isSigned(RevocationList list, RevocationQuestion question) {
        if (known(list.der(), question).isPresent()) {
            return true;
        }
        boolean signed = list.issuer().equals(question.issuer().subject())
                && NvidiaSignature.signed(question.issuerKey(), list, signatures);
        if (signed) {
            facts.remember(fact(list.der(), question), list);
        }
        return signed;
    }

    private static SignatureFacts.Key fact(Bytes der, RevocationQuestion question) {
        return new SignatureFacts.Key(FACT, der.sha256(), question.issuer().fingerprint());
    }

    RevocationStanding judge(RevocationList list, RevocationQuestion question, AuthenticationContext context) {
        String issuer = question.issuer().subjectCommonName();
        if (!isSigned(list, question, context.endorsements())) {
            return failed("a revocation list of the " + issuer + ", signed by it", "another key signed it");
        }
        if (!list.unknownCriticalExtensions().isEmpty()) {
            // Among them what makes a list one of changes only, or of another's certificates: RFC 5280, sections 5.2.4,
            // 5.2.5.
            return failed(
                    "a revocation list of the " + issuer + " without critical extensions that are not known",
                    "it has " + String.join(", ", list.unknownCriticalExtensions()));
        }
        if (list.revokedSerials().contains(question.subject().serial())) {
            // Also when on hold: whoever wants that tolerated brings the responder's word, which gives the reason.
            return RevocationStanding.revoked(
                    question.name(),
                    "the %s's list of %s revokes its serial 0x%s"
                            .formatted(
                                    issuer,
                                    list.thisUpdate(),
                                    question.subject().serial().toString(16)));
        }
        if (list.nextUpdate().isEmpty()) {
            return failed("a revocation list of the " + issuer + " that says when it ends", "it has no nextUpdate");
        }
        return window(list, list.nextUpdate().get(), issuer, question, context.at());
    }

    /** Only the service's own copy of a list may be stale, and the service keeps none of NVIDIA's. */
    private static RevocationStanding window(
            RevocationList list, Instant end, String issuer, RevocationQuestion question, Instant at) {
        if (!at.plus(Window.SKEW_AT_BEGINNING).isBefore(list.thisUpdate()) && at.isBefore(end)) {
            return RevocationStanding.good(
                    "The list of the %s does not list %s and is valid until %s."
                            .formatted(issuer, question.name(), end),
                    end);
        }
        return RevocationStanding.silent(new Outcome.Failed(
                "a revocation list of the %s valid at %s".formatted(issuer, at),
                "the one given is valid from %s until %s".formatted(list.thisUpdate(), end),
                RevocationOrigin.REQUEST.hint() + RevocationOrigin.OR_AT));
    }

    private static RevocationStanding failed(String expected, String actual) {
        return RevocationStanding.silent(new Outcome.Failed(expected, actual, RevocationOrigin.REQUEST.hint()));
    }
}
