package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaSignature;
import io.countersign.verifier.tee.nvgpu.pki.Shown;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.CertificateRole;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * From the bytes of an answer to what somebody who may speak about a certificate said about it: its issuer, or a responder that
 * the issuer appointed. RFC 6960, sections 3.2 and 4.2.2.2. Times are not judged here.
 */
public final class OcspReader {
    private static final String FACT = "nvidia-ocsp";

    private final Signatures signatures;
    private final SignatureFacts facts;

    /** What became of an answer. */
    public sealed interface Reading {
        record Signed(SignedAnswer answer) implements Reading {}

        /** It says nothing about this certificate. */
        record AboutOthers() implements Reading {}

        record Refused(String expected, String actual) implements Reading {}
    }

    private record About(Bytes answer, Bytes subject, Bytes issuer) {}

    private record SignedBy(Bytes answer, Bytes issuer) {}

    /** Who signed. */
    private sealed interface Signer {
        /** The certificate of a delegate, where it was one. */
        record Found(Optional<Certificate> delegate) implements Signer {}

        record None(String why) implements Signer {}
    }

    public OcspReader(Signatures signatures, SignatureFacts facts) {
        this.signatures = signatures;
        this.facts = facts;
    }

    /**
     * Reads what an answer says about one certificate.
     *
     * @param issuerKey the issuer's, which something pinned vouches for
     */
    public Reading read(Bytes der, Certificate subject, Certificate issuer, PublicKey issuerKey) {
        Optional<SignedAnswer> known = facts.recall(fact(der, subject, issuer), SignedAnswer.class);
        if (known.isPresent()) {
            return new Reading.Signed(known.get());
        }
        return switch (ParsedAnswer.parse(der)) {
            case ParsedAnswer.Reading.Read(ParsedAnswer parsed) -> read(der, parsed, subject, issuer, issuerKey);
            case ParsedAnswer.Reading.Refused(String expected, String actual) -> new Reading.Refused(expected, actual);
        };
    }

    /**
     * The same for an answer that was parsed before.
     *
     * @param der what {@code parsed} was parsed from
     */
    public Reading read(Bytes der, ParsedAnswer parsed, Certificate subject, Certificate issuer, PublicKey issuerKey) {
        return read(der, parsed, subject, issuer, issuerKey, Endorsements.none());
    }

    /**
     * The same for an answer that a request brings, once for all of its devices, also when it is refused.
     *
     * @param inHand who remembers it for as long as the request lasts
     */
    public Reading read(
            Bytes der,
            ParsedAnswer parsed,
            Certificate subject,
            Certificate issuer,
            PublicKey issuerKey,
            Endorsements inHand) {
        return inHand.once(
                new About(der.sha256(), subject.fingerprint(), issuer.fingerprint()),
                Reading.class,
                () -> readOnce(der, parsed, subject, issuer, issuerKey, inHand));
    }

    private Reading readOnce(
            Bytes der,
            ParsedAnswer parsed,
            Certificate subject,
            Certificate issuer,
            PublicKey issuerKey,
            Endorsements inHand) {
        SignatureFacts.Key fact = fact(der, subject, issuer);
        Optional<SignedAnswer> known = facts.recall(fact, SignedAnswer.class);
        if (known.isPresent()) {
            return new Reading.Signed(known.get());
        }
        return switch (parsed.about(subject, issuer)) {
            case ParsedAnswer.About.Others() -> new Reading.AboutOthers();
            case ParsedAnswer.About.Unclear(String expected, String actual) -> new Reading.Refused(expected, actual);
            case ParsedAnswer.About.It(ParsedAnswer.Single said) -> {
                Signer signer = inHand.once(
                        new SignedBy(der.sha256(), issuer.fingerprint()),
                        Signer.class,
                        () -> signer(parsed, issuer, issuerKey));
                Reading reading = read(parsed, said, subject, issuer, signer);
                if (reading instanceof Reading.Signed(SignedAnswer answer)) {
                    facts.remember(fact, answer);
                }
                yield reading;
            }
        };
    }

    /** One answer may be about several certificates, and says something else about each. */
    private static SignatureFacts.Key fact(Bytes der, Certificate subject, Certificate issuer) {
        return new SignatureFacts.Key(
                FACT, Bytes.concat(der.sha256(), subject.fingerprint()).sha256(), issuer.fingerprint());
    }

    private Reading read(
            ParsedAnswer parsed, ParsedAnswer.Single said, Certificate subject, Certificate issuer, Signer signer) {
        var critical = new ArrayList<>(parsed.unknownCritical());
        critical.addAll(said.unknownCritical());
        if (!critical.isEmpty()) {
            return new Reading.Refused(
                    "an OCSP answer without critical extensions that are not known",
                    "it has " + Shown.several(critical));
        }
        return switch (signer) {
            case Signer.Found(Optional<Certificate> delegate)
            when delegate.filter(itself -> itself.fingerprint().equals(subject.fingerprint()))
                    .isPresent() ->
                new Reading.Refused(
                        expectedSigner(subject, issuer),
                        "the responder's certificate is the one asked about, which cannot speak for itself");
            case Signer.Found(Optional<Certificate> delegate) ->
                new Reading.Signed(new SignedAnswer(
                        said.status(),
                        parsed.producedAt(),
                        said.thisUpdate(),
                        said.nextUpdate(),
                        parsed.nonce(),
                        delegate.map(signed -> new SignedAnswer.Delegate(signed.serial(), signed.window()))));
            case Signer.None(String why) -> new Reading.Refused(expectedSigner(subject, issuer), why);
        };
    }

    private static String expectedSigner(Certificate subject, Certificate issuer) {
        return "an OCSP answer about %s signed by %s or a responder that it appointed"
                .formatted(subject.subjectCommonName(), issuer.subjectCommonName());
    }

    private Signer signer(ParsedAnswer parsed, Certificate issuer, PublicKey issuerKey) {
        var reasons = new ArrayList<String>();
        if (names(parsed.responder(), issuer)) {
            if (signed(issuerKey, parsed)) {
                return new Signer.Found(Optional.empty());
            }
            reasons.add("the issuer's key did not sign it");
        }
        for (Bytes der : new LinkedHashSet<>(parsed.certificates())) {
            Certificate carried;
            try {
                carried = Certificate.parse(der);
            } catch (MalformedDerException e) {
                return new Signer.None("a certificate in it: " + e.getMessage());
            }
            if (names(parsed.responder(), carried)) {
                List<String> findings = findings(carried, issuer, issuerKey);
                if (findings.isEmpty()) {
                    if (NvidiaSignature.key(carried, signatures)
                            .filter(key -> signed(key, parsed))
                            .isPresent()) {
                        return new Signer.Found(Optional.of(carried));
                    }
                    findings = List.of("its key did not sign the answer");
                }
                reasons.add("the responder's certificate (%s): %s"
                        .formatted(Shown.shortened(carried.subjectCommonName()), String.join("; ", findings)));
            }
        }
        return new Signer.None(
                reasons.isEmpty()
                        ? "the signer it names is neither the issuer nor one whose certificate it carries"
                        : String.join("; ", reasons));
    }

    private boolean signed(PublicKey key, ParsedAnswer parsed) {
        return NvidiaSignature.signed(key, parsed.algorithm(), parsed.tbs(), parsed.signature(), signatures);
    }

    private static boolean names(ParsedAnswer.Responder responder, Certificate certificate) {
        return switch (responder) {
            case ParsedAnswer.Responder.ByName(Bytes name) -> name.equals(certificate.subject());
            // RFC 6960, section 4.2.1: KeyHash is SHA-1 and names a key only; the signature is what counts.
            case ParsedAnswer.Responder.ByKey(Bytes sha1) ->
                sha1.equals(Encoding.digest("SHA-1", CertificateId.keyBits(certificate)));
        };
    }

    /** What keeps a certificate from speaking for an issuer: RFC 6960, section 4.2.2.2. */
    private List<String> findings(Certificate delegate, Certificate issuer, PublicKey issuerKey) {
        var findings = new ArrayList<String>();
        if (!delegate.issuer().equals(issuer.subject())) {
            findings.add("it was not issued by " + issuer.subjectCommonName());
        } else if (!NvidiaSignature.signed(issuerKey, delegate, signatures)) {
            findings.add("it is not signed by " + issuer.subjectCommonName());
        }
        if (!maySignAnswers(delegate)) {
            findings.add("its extended key usage does not allow to sign OCSP answers");
        }
        if (delegate.saysCertificateAuthority()) {
            findings.add("it is a certificate authority");
        }
        if (delegate.extension(Extension.keyUsage.getId()).isPresent()
                && !CertificateRole.allows(delegate, KeyUsage.digitalSignature)) {
            findings.add("its key usage does not allow to sign data");
        }
        List<String> critical = CertificateRole.unknownCriticalExtensions(delegate).stream()
                .filter(oid -> !oid.equals(Extension.extendedKeyUsage.getId()))
                .toList();
        if (!critical.isEmpty()) {
            findings.add("it has critical extensions that are not known: " + Shown.several(critical));
        }
        return findings;
    }

    /** RFC 6960, section 4.2.2.2: named explicitly, so that "any usage" is not enough. */
    private static boolean maySignAnswers(Certificate delegate) {
        return delegate.extension(Extension.extendedKeyUsage.getId())
                .filter(value -> {
                    try {
                        return ExtendedKeyUsage.getInstance(ASN1Primitive.fromByteArray(value.toByteArray()))
                                .hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning);
                    } catch (IOException | RuntimeException _) {
                        return false;
                    }
                })
                .isPresent();
    }
}
