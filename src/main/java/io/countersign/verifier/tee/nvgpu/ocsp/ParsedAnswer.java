package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.Shown;
import io.countersign.verifier.trust.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;

/**
 * A BasicOCSPResponse read strictly (RFC 6960, section 4.2.1): canonical DER, nothing after it, version 1. Reading one trusts
 * nothing in it.
 *
 * @param tbs what is signed
 * @param algorithm the DER of the AlgorithmIdentifier
 * @param certificates the DER of what came along, unread
 * @param unknownCritical critical extensions of the whole answer that are not known
 */
public record ParsedAnswer(
        Bytes tbs,
        Bytes algorithm,
        Bytes signature,
        Responder responder,
        Instant producedAt,
        List<Single> singles,
        List<Bytes> certificates,
        Optional<Bytes> nonce,
        List<String> unknownCritical) {
    /** An answer about one certificate with all of its responder's chain is a tenth of this. */
    public static final int MAX_LENGTH = 64 * 1024;

    /** The answers asked for are about one certificate each. */
    public static final int MAX_SINGLES = 64;

    /** The signer's own, and what leads to it. */
    static final int MAX_CERTIFICATES = 5;

    /** RFC 9654, section 2.1. */
    private static final int MAX_NONCE = 128;

    /** The version's tag in ResponseData: its only value is the default, which DER does not write (X.690, section 11.5). */
    private static final int VERSION_TAG = 0;

    /** CertStatus: RFC 6960, section 4.2.1. */
    private static final int GOOD = 0;

    private static final int REVOKED = 1;

    /** The answer, or why it is none. */
    public sealed interface Reading {
        record Read(ParsedAnswer answer) implements Reading {}

        record Refused(String expected, String actual) implements Reading {}
    }

    /** Who says to have signed. */
    public sealed interface Responder {
        record ByName(Bytes name) implements Responder {}

        record ByKey(Bytes sha1) implements Responder {}
    }

    /**
     * What is said about one certificate.
     *
     * @param hash the object identifier of the hash that its issuer is named under
     */
    public record Single(
            String hash,
            CertificateId id,
            Status status,
            Instant thisUpdate,
            Optional<Instant> nextUpdate,
            List<String> unknownCritical) {
        BigInteger serial() {
            return id.serial();
        }
    }

    public ParsedAnswer {
        singles = List.copyOf(singles);
        certificates = List.copyOf(certificates);
        unknownCritical = List.copyOf(unknownCritical);
    }

    /** Whether an answer says something about one certificate. */
    public sealed interface About {
        /** Exactly this is said about it. */
        record It(Single said) implements About {}

        /** It is about other certificates. */
        record Others() implements About {}

        /** What it is about cannot be told, or it says more than one thing. */
        record Unclear(String expected, String actual) implements About {}
    }

    /** What this says about a certificate, told by name and key of its issuer and its serial; nobody has vouched for it yet. */
    public About about(Certificate subject, Certificate issuer) {
        var found = new ArrayList<Single>();
        var ids = new HashMap<String, CertificateId>();
        for (Single single : singles) {
            if (single.serial().equals(subject.serial())) {
                Optional<String> hash = CertificateId.hash(single.hash());
                if (hash.isEmpty()) {
                    return new About.Unclear(
                            "an OCSP answer that names its certificate under SHA-1, SHA-256 or SHA-384",
                            "it names one with the serial number of %s under %s"
                                    .formatted(subject.subjectCommonName(), Shown.shortened(single.hash())));
                }
                if (single.id()
                        .equals(ids.computeIfAbsent(
                                hash.get(), algorithm -> CertificateId.under(algorithm, subject, issuer)))) {
                    found.add(single);
                }
            }
        }
        return switch (found.size()) {
            case 0 -> new About.Others();
            case 1 -> new About.It(found.getFirst());
            default ->
                new About.Unclear(
                        "an OCSP answer that says one thing about " + subject.subjectCommonName(),
                        "it says %d".formatted(found.size()));
        };
    }

    public static Reading parse(Bytes der) {
        if (der.length() > MAX_LENGTH) {
            return new Reading.Refused(
                    "an OCSP answer of at most %d bytes".formatted(MAX_LENGTH), "it has %d".formatted(der.length()));
        }
        try {
            var response = OCSPResponse.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
            if (!Encoding.of(response).equals(der)) {
                return new Reading.Refused("an OCSP answer in canonical DER", "its encoding is another");
            }
            int status = response.getResponseStatus().getValue().intValueExact();
            if (status != OCSPResponseStatus.SUCCESSFUL) {
                return new Reading.Refused(
                        "an OCSP answer with the status successful", "its status is " + word(status));
            }
            var bytes = response.getResponseBytes();
            if (bytes == null || !bytes.getResponseType().equals(OCSPObjectIdentifiers.id_pkix_ocsp_basic)) {
                return new Reading.Refused("a basic OCSP answer", "it is of another type, or empty");
            }
            return basic(Bytes.copyOf(bytes.getResponse().getOctets()));
        } catch (IOException | RuntimeException _) {
            return new Reading.Refused("an OCSP answer in DER", "these bytes are none");
        }
    }

    private static Reading basic(Bytes der) throws IOException {
        var basic = BasicOCSPResponse.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
        if (!Encoding.of(basic).equals(der)) {
            return new Reading.Refused("a basic OCSP answer in canonical DER", "its encoding is another");
        }
        ResponseData data = basic.getTbsResponseData();
        if (ASN1Sequence.getInstance(data.toASN1Primitive()).getObjectAt(0) instanceof ASN1TaggedObject first
                && first.getTagNo() == VERSION_TAG) {
            return new Reading.Refused(
                    "an OCSP answer of version 1", "it writes another version, or writes this one out");
        }
        ASN1Sequence responses = data.getResponses();
        if (responses.size() == 0 || responses.size() > MAX_SINGLES) {
            return new Reading.Refused(
                    "an OCSP answer about 1 to %d certificates".formatted(MAX_SINGLES),
                    "it is about %d".formatted(responses.size()));
        }
        int count = basic.getCerts() == null ? 0 : basic.getCerts().size();
        if (count > MAX_CERTIFICATES) {
            return new Reading.Refused(
                    "an OCSP answer with at most %d certificates".formatted(MAX_CERTIFICATES),
                    "it has %d".formatted(count));
        }
        var certificates = new ArrayList<Bytes>();
        for (int i = 0; i < count; i++) {
            certificates.add(Encoding.of(basic.getCerts().getObjectAt(i)));
        }
        var singles = new ArrayList<Single>();
        for (ASN1Encodable response : responses) {
            singles.add(single(SingleResponse.getInstance(response)));
        }
        return new Reading.Read(new ParsedAnswer(
                Encoding.of(data),
                Encoding.of(basic.getSignatureAlgorithm()),
                Bytes.copyOf(basic.getSignature().getOctets()),
                responder(data.getResponderID()),
                Encoding.time(data.getProducedAt()),
                singles,
                certificates,
                nonce(data.getResponseExtensions()),
                critical(data.getResponseExtensions())
                        .filter(oid -> !oid.equals(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))
                        .map(ASN1ObjectIdentifier::getId)
                        .toList()));
    }

    /** RFC 6960, section 4.2.1: OCSPResponseStatus. */
    private static String word(int status) {
        return switch (status) {
            case OCSPResponseStatus.MALFORMED_REQUEST -> "malformedRequest";
            case OCSPResponseStatus.INTERNAL_ERROR -> "internalError";
            case OCSPResponseStatus.TRY_LATER -> "tryLater";
            case OCSPResponseStatus.SIG_REQUIRED -> "sigRequired";
            case OCSPResponseStatus.UNAUTHORIZED -> "unauthorized";
            default -> Integer.toString(status);
        };
    }

    private static Responder responder(ResponderID id) throws IOException {
        byte[] keyHash = id.getKeyHash();
        return keyHash == null
                ? new Responder.ByName(Encoding.of(id.getName()))
                : new Responder.ByKey(Bytes.copyOf(keyHash));
    }

    private static Single single(SingleResponse response) {
        CertID id = response.getCertID();
        return new Single(
                id.getHashAlgorithm().getAlgorithm().getId(),
                new CertificateId(
                        Bytes.copyOf(id.getIssuerNameHash().getOctets()),
                        Bytes.copyOf(id.getIssuerKeyHash().getOctets()),
                        id.getSerialNumber().getValue()),
                status(response),
                Encoding.time(response.getThisUpdate()),
                Optional.ofNullable(response.getNextUpdate()).map(Encoding::time),
                critical(response.getSingleExtensions())
                        .map(ASN1ObjectIdentifier::getId)
                        .toList());
    }

    /** Bouncy Castle reads tags 0, 1 and 2 only. */
    private static Status status(SingleResponse response) {
        var status = response.getCertStatus();
        return switch (status.getTagNo()) {
            case GOOD -> new Status.Good();
            case REVOKED -> {
                var info = RevokedInfo.getInstance(status.getStatus());
                yield new Status.Revoked(
                        Optional.ofNullable(info.getRevocationReason())
                                .map(reason -> reason.getValue().intValueExact()),
                        Encoding.time(info.getRevocationTime()));
            }
            default -> new Status.Unknown();
        };
    }

    private static Optional<Bytes> nonce(@Nullable Extensions extensions) throws IOException {
        var nonce = extensions == null ? null : extensions.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce == null) {
            return Optional.empty();
        }
        byte[] value = nonce.getExtnValue().getOctets();
        Bytes found = Bytes.copyOf(
                ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(value)).getOctets());
        if (found.length() == 0 || found.length() > MAX_NONCE) {
            throw new IOException("a nonce of %d bytes".formatted(found.length()));
        }
        return Optional.of(found);
    }

    private static Stream<ASN1ObjectIdentifier> critical(@Nullable Extensions extensions) {
        return extensions == null ? Stream.empty() : Stream.of(extensions.getCriticalExtensionOIDs());
    }
}
