package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.SingleResponse;

/**
 * What NVIDIA's endorsements say of themselves: RIMs, and answers of an OCSP responder (RFC 6960, section 4.2.1). This
 * chooses what to keep under which name; whether any of it is genuine is for the core.
 */
final class NvidiaReadings {
    /** What an answer of a responder is, before anybody looks at what it says about a certificate. */
    enum AnswerStatus {
        SUCCESSFUL,
        /** The responder does not answer for such certificates. */
        UNAUTHORIZED,
        /** Any other reason for not answering now. */
        UNSUCCESSFUL,
        /** These bytes are no answer. */
        NONE
    }

    /** An answer that does not say when there will be a newer one counts for as long as NVIDIA's own tools count it. */
    private static final Duration WITHOUT_NEXT_UPDATE = Duration.ofHours(1);

    /** CertStatus, the choice {@code unknown}. */
    private static final int UNKNOWN = 2;

    /** RFC 5280, section 4.1.2.5.2. */
    private static final Pattern TIME = Pattern.compile("[0-9]{14}Z");

    private static final DateTimeFormatter DIGITS =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /** TCG RIM information model: the version of what the RIM describes. */
    private static final Pattern VERSION =
            Pattern.compile("\\bcolloquialVersion\\s{0,9}=\\s{0,9}[\"']([^\"'<>]{1,64})[\"']");

    private NvidiaReadings() {}

    static Reading read(NvidiaEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case NvidiaEndorsementRef.Rim(String id) -> rim(id, content.toUtf8());
            case NvidiaEndorsementRef.OcspAnswer wanted -> answer(wanted, content);
        };
    }

    /**
     * Not parsed as XML: that is for the core, with all the care it takes. A RIM's signer has a window, but a RIM is replaced
     * by its age long before.
     */
    private static Reading rim(String id, String xml) {
        if (!xml.stripLeading().startsWith("<") || !xml.contains("SoftwareIdentity")) {
            return new Reading.Unreadable("it is not a software identity in XML");
        }
        Matcher version = VERSION.matcher(xml);
        boolean another = version.find() && !plain(id).endsWith("_" + plain(version.group(1)));
        return another
                ? new Reading.Misfit("it is the RIM of another version")
                : new Reading.Fits(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A driver's version has its dots in an id, and a VBIOS's has not. */
    private static String plain(String version) {
        return version.replace(".", "").toLowerCase(Locale.ROOT);
    }

    static AnswerStatus status(Bytes content) {
        try {
            return switch (response(content).getResponseStatus().getIntValue()) {
                case OCSPResponseStatus.SUCCESSFUL -> AnswerStatus.SUCCESSFUL;
                case OCSPResponseStatus.UNAUTHORIZED -> AnswerStatus.UNAUTHORIZED;
                default -> AnswerStatus.UNSUCCESSFUL;
            };
        } catch (IOException | RuntimeException _) {
            return AnswerStatus.NONE;
        }
    }

    private static OCSPResponse response(Bytes content) throws IOException {
        return OCSPResponse.getInstance(ASN1Primitive.fromByteArray(content.toByteArray()));
    }

    private static Reading answer(NvidiaEndorsementRef.OcspAnswer wanted, Bytes content) {
        try {
            var bytes = response(content).getResponseBytes();
            if (bytes == null || !bytes.getResponseType().equals(OCSPObjectIdentifiers.id_pkix_ocsp_basic)) {
                return new Reading.Unreadable("it is not an OCSP answer about certificates");
            }
            var basic = BasicOCSPResponse.getInstance(
                    ASN1Primitive.fromByteArray(bytes.getResponse().getOctets()));
            for (ASN1Encodable each : basic.getTbsResponseData().getResponses()) {
                var single = SingleResponse.getInstance(each);
                if (isAbout(wanted, single.getCertID())) {
                    return about(single, basic.getTbsResponseData().getProducedAt());
                }
            }
            return new Reading.Misfit("it is an OCSP answer about another certificate");
        } catch (IOException | RuntimeException _) {
            // What the bytes of a stranger make Bouncy Castle throw is not written down anywhere.
            return new Reading.Unreadable("it is not an OCSP answer in DER");
        }
    }

    private static boolean isAbout(NvidiaEndorsementRef.OcspAnswer wanted, CertID id) {
        return Bytes.copyOf(id.getIssuerNameHash().getOctets()).equals(wanted.issuerNameHash())
                && Bytes.copyOf(id.getIssuerKeyHash().getOctets()).equals(wanted.issuerKeyHash())
                && id.getSerialNumber().getValue().equals(wanted.serial());
    }

    private static Reading about(SingleResponse single, ASN1GeneralizedTime producedAt) {
        CertStatus status = single.getCertStatus();
        if (status.getTagNo() == UNKNOWN) {
            // It may know the certificate in a minute, so this is asked again and takes the place of nothing.
            return new Reading.Misfit("the responder does not know the certificate");
        }
        ASN1GeneralizedTime nextUpdate = single.getNextUpdate();
        Instant end = nextUpdate == null ? time(producedAt).plus(WITHOUT_NEXT_UPDATE) : time(nextUpdate);
        return new Reading.Fits(Optional.of(end), Optional.empty(), Optional.empty());
    }

    private static Instant time(ASN1GeneralizedTime time) {
        String text = time.getTimeString();
        if (!TIME.matcher(text).matches()) {
            throw new DateTimeException("not a time in UTC with seconds");
        }
        return LocalDateTime.parse(text, DIGITS).toInstant(ZoneOffset.UTC);
    }
}
