package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.OcspAnswer;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef.Rim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Makes what NVIDIA's RIM service and its OCSP responder answer, signed by a key of this run. Nothing here is genuine. */
final class FakeNvidia {
    static final Rim DRIVER = new Rim("NV_GPU_DRIVER_GH100_550.90.07");
    static final Rim VBIOS = new Rim("NV_GPU_VBIOS_G520_0202_885_96006D0008");
    static final String DRIVER_PATH = "/v1/rim/NV_GPU_DRIVER_GH100_550.90.07";
    static final String VBIOS_PATH = "/v1/rim/NV_GPU_VBIOS_G520_0202_885_96006D0008";

    /** A certificate that many devices share. */
    static final OcspAnswer FAMILY = ocsp(OcspAnswer.Scope.SHARED, 7, "NVIDIA GH100 Identity");

    static final Duration LIFE = Duration.ofHours(12);

    private static final KeyPair RESPONDER = FakeAmd.keyPair();

    private FakeNvidia() {}

    /** Another device for each number. */
    static OcspAnswer device(int number) {
        return ocsp(OcspAnswer.Scope.DEVICE, 1000 + number, "GH100 A01 GSP BROM");
    }

    private static OcspAnswer ocsp(OcspAnswer.Scope scope, long serial, String subject) {
        return new OcspAnswer(
                Bytes.utf8("issuer of " + scope).sha384(),
                Bytes.utf8("key of " + scope).sha384(),
                BigInteger.valueOf(serial),
                scope,
                subject);
    }

    static Bytes rim(String version) {
        return rim(version, "");
    }

    static Bytes rim(String version, String note) {
        return Bytes.utf8(
                "<SoftwareIdentity name=\"GH100\"><Meta colloquialVersion=\"%s\"/><!--%s--></SoftwareIdentity>"
                        .formatted(version, note));
    }

    /** As the RIM service wraps it. */
    static String wrapped(Rim ref, Bytes rim) {
        return "{\"id\":\"%s\",\"rim\":\"%s\",\"sha256\":\"%s\",\"last_updated\":\"2025-03-14T15:09:03.011000\",\"rim_format\":\"TCG\",\"request_id\":\"1\"}"
                .formatted(ref.id(), Base64.getEncoder().encodeToString(rim.toByteArray()), rim.sha256());
    }

    /** What a responder says about whatever certificate it is asked about. */
    enum Status {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /** What becomes of the nonce of the question. */
    enum Nonce {
        REPEATED,
        ABSENT,
        ANOTHER
    }

    /** A way of answering. */
    record Says(Status status, Nonce nonce, Instant thisUpdate, Optional<Instant> nextUpdate) {
        static Says good(Instant now) {
            return new Says(Status.GOOD, Nonce.REPEATED, now, Optional.of(now.plus(LIFE)));
        }

        Says with(Nonce other) {
            return new Says(status, other, thisUpdate, nextUpdate);
        }

        Says with(Status other) {
            return new Says(other, nonce, thisUpdate, nextUpdate);
        }

        Says until(Optional<Instant> end) {
            return new Says(status, nonce, thisUpdate, end);
        }
    }

    /** A responder that answers every question so. */
    static FakeVendor.Reply responder(Says says) {
        return new FakeVendor.Reply.Made(asked -> {
            try {
                var question = new OCSPReq(asked.body().toByteArray());
                return plain(answer(
                        question.getRequestList()[0].getCertID(),
                        says,
                        question.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static FakeVendor.Reply plain(Bytes body) {
        return new FakeVendor.Reply.Plain(200, Map.of("Content-Type", "application/ocsp-response"), body);
    }

    /** An answer that nobody asked for with a nonce, as an operator puts it into the folder. */
    static Bytes answer(OcspAnswer ref, Says says) {
        var sha384 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384, DERNull.INSTANCE);
        return answer(
                new CertificateID(new CertID(
                        sha384,
                        new DEROctetString(ref.issuerNameHash().toByteArray()),
                        new DEROctetString(ref.issuerKeyHash().toByteArray()),
                        new ASN1Integer(ref.serial()))),
                says.with(Nonce.ABSENT),
                null);
    }

    private static Bytes answer(CertificateID id, Says says, @Nullable Extension asked) {
        try {
            var builder = new BasicOCSPRespBuilder(new RespID(new X500Name("CN=Responder of this run")));
            builder.addResponse(
                    id,
                    status(says),
                    Date.from(says.thisUpdate()),
                    says.nextUpdate().map(Date::from).orElse(null),
                    null);
            Extension nonce =
                    switch (says.nonce()) {
                        case REPEATED -> asked;
                        case ABSENT -> null;
                        case ANOTHER ->
                            new Extension(
                                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                                    false,
                                    new DEROctetString(new byte[32]).getEncoded());
                    };
            if (nonce != null) {
                builder.setResponseExtensions(new Extensions(nonce));
            }
            var signer = new JcaContentSignerBuilder("SHA384withECDSA").build(RESPONDER.getPrivate());
            var basic = builder.build(signer, new X509CertificateHolder[0], Date.from(says.thisUpdate()));
            return Bytes.copyOf(new OCSPRespBuilder()
                    .build(OCSPRespBuilder.SUCCESSFUL, basic)
                    .getEncoded());
        } catch (IOException | OCSPException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable CertificateStatus status(Says says) {
        return switch (says.status()) {
            case GOOD -> CertificateStatus.GOOD;
            case REVOKED -> new RevokedStatus(Date.from(says.thisUpdate()), CRLReason.keyCompromise);
            case UNKNOWN -> new UnknownStatus();
        };
    }

    /** An answer that gives nothing but the reason why it is none: RFC 6960, section 4.2.1. */
    static FakeVendor.Reply refusing(int status) {
        return plain(Bytes.copyOf((byte) 0x30, (byte) 3, (byte) 0x0a, (byte) 1, (byte) status));
    }
}
