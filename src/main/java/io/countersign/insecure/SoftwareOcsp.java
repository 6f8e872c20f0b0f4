package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;

/**
 * One answer of the OCSP responder being made. It starts out as a good one about one certificate, an hour old and valid for a
 * day, signed by a responder that the certificate's issuer delegated. RFC 6960, section 4.2.1.
 */
public final class SoftwareOcsp {
    /** Which hash names the issuer in a CertID. */
    public enum Hash {
        SHA1,
        SHA256,
        SHA384
    }

    private final NvidiaResponder responder;
    private final NvidiaCertId certId;
    private Hash hash = Hash.SHA384;
    private UnaryOperator<NvidiaCertId> named = UnaryOperator.identity();
    private NvidiaKey signer;
    private List<Bytes> certificates;
    private Bytes responderKey;
    private Optional<Integer> reason = Optional.empty();
    private int status;
    private int failure;
    private Instant producedAt;
    private Instant thisUpdate;
    private Optional<Instant> nextUpdate;
    private Optional<Bytes> nonce = Optional.empty();
    private int answers = 1;
    private UnaryOperator<Bytes> signature = UnaryOperator.identity();

    /**
     * A good answer.
     *
     * @param certificate asked about, in DER
     * @param issuer of it, in DER
     */
    SoftwareOcsp(NvidiaResponder responder, Bytes certificate, Bytes issuer, Instant asOf) {
        this.responder = responder;
        this.certId = NvidiaCertId.of(
                Certificate.getInstance(certificate.toByteArray()), Certificate.getInstance(issuer.toByteArray()));
        this.signer = responder.key();
        this.responderKey = responder.key().identifierOfKey();
        this.certificates = List.of(responder.draft().der());
        this.producedAt = asOf.minus(Duration.ofHours(1));
        this.thisUpdate = producedAt;
        this.nextUpdate = Optional.of(producedAt.plus(Duration.ofDays(1)));
    }

    /** What it is about. */
    public NvidiaCertId subject() {
        return certId;
    }

    public NvidiaResponder responder() {
        return responder;
    }

    /** revoked, for a reason of RFC 5280, section 5.3.1: 6 is certificateHold. */
    public SoftwareOcsp revoked(int why) {
        status = 1;
        reason = Optional.of(why);
        return this;
    }

    /** The responder does not know the certificate. */
    public SoftwareOcsp unknown() {
        status = 2;
        return this;
    }

    /** No answer at all but a reason: 3 is tryLater. */
    public SoftwareOcsp refused(int why) {
        failure = why;
        return this;
    }

    public SoftwareOcsp nonce(Bytes value) {
        nonce = Optional.of(value);
        return this;
    }

    public SoftwareOcsp producedAt(Instant instant) {
        producedAt = instant;
        return this;
    }

    public SoftwareOcsp thisUpdate(Instant instant) {
        thisUpdate = instant;
        return this;
    }

    public SoftwareOcsp nextUpdate(Instant instant) {
        nextUpdate = Optional.of(instant);
        return this;
    }

    public SoftwareOcsp withoutNextUpdate() {
        nextUpdate = Optional.empty();
        return this;
    }

    public SoftwareOcsp hash(Hash other) {
        hash = other;
        return this;
    }

    /** Names another certificate or issuer than was asked about. */
    public SoftwareOcsp certId(UnaryOperator<NvidiaCertId> change) {
        named = change;
        return this;
    }

    /** Signs with this key, and says so. */
    public SoftwareOcsp signedBy(NvidiaKey other) {
        responderKey = other.identifierOfKey();
        return signedUnderTheNameBy(other);
    }

    /** Signs with this key, and names the old one. */
    public SoftwareOcsp signedUnderTheNameBy(NvidiaKey other) {
        signer = other;
        return this;
    }

    /** The certificates that come along; none where the issuer signs itself. */
    public SoftwareOcsp certificates(List<Bytes> others) {
        certificates = others;
        return this;
    }

    /** The responder's certificate to change. */
    public SoftwareOcsp responderCertificate(UnaryOperator<SoftwareCertificate> change) {
        return certificates(List.of(change.apply(responder.draft()).der()));
    }

    /** How often the single answer stands there. */
    public SoftwareOcsp answers(int number) {
        answers = number;
        return this;
    }

    /** r and s, 48 bytes each. */
    public SoftwareOcsp signature(UnaryOperator<Bytes> change) {
        signature = change;
        return this;
    }

    /** OCSPResponse in DER. */
    public Bytes der() {
        var response = new ASN1EncodableVector();
        response.add(new ASN1Enumerated(failure));
        if (failure == 0) {
            var bytes = new ASN1EncodableVector();
            bytes.add(OCSPObjectIdentifiers.id_pkix_ocsp_basic);
            bytes.add(new DEROctetString(basic().toByteArray()));
            response.add(new DERTaggedObject(true, 0, new DERSequence(bytes)));
        }
        return NvidiaExtensions.der(new DERSequence(response));
    }

    /** BasicOCSPResponse. */
    private Bytes basic() {
        var data = new DERSequence(responseData());
        var basic = new ASN1EncodableVector();
        basic.add(data);
        basic.add(signer.identifier());
        basic.add(new DERBitString(
                signer.altering(signature).sign(NvidiaExtensions.der(data)).toByteArray()));
        if (!certificates.isEmpty()) {
            var brought = new ASN1EncodableVector();
            certificates.forEach(der -> brought.add(Certificate.getInstance(der.toByteArray())));
            basic.add(new DERTaggedObject(true, 0, new DERSequence(brought)));
        }
        return NvidiaExtensions.der(new DERSequence(basic));
    }

    private ASN1EncodableVector responseData() {
        var data = new ASN1EncodableVector();
        data.add(new DERTaggedObject(true, 2, new DEROctetString(responderKey.toByteArray())));
        data.add(time(producedAt));
        var all = new ASN1EncodableVector();
        for (int i = 0; i < answers; i++) {
            all.add(new DERSequence(single()));
        }
        data.add(new DERSequence(all));
        nonce.ifPresent(value -> data.add(new DERTaggedObject(
                true,
                1,
                new DERSequence(new Extension(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                        false,
                        octets(value).toByteArray())))));
        return data;
    }

    private static Bytes octets(Bytes value) {
        return NvidiaExtensions.der(new DEROctetString(value.toByteArray()));
    }

    private ASN1EncodableVector single() {
        var single = new ASN1EncodableVector();
        single.add(named.apply(certId).encoded(hash));
        single.add(status());
        single.add(time(thisUpdate));
        nextUpdate.ifPresent(instant -> single.add(new DERTaggedObject(true, 0, time(instant))));
        return single;
    }

    private DERTaggedObject status() {
        if (status != 1) {
            return new DERTaggedObject(false, status, DERNull.INSTANCE);
        }
        var revoked = new ASN1EncodableVector();
        revoked.add(time(thisUpdate.minus(Duration.ofDays(1))));
        reason.ifPresent(code -> revoked.add(new DERTaggedObject(true, 0, new ASN1Enumerated(code))));
        return new DERTaggedObject(false, 1, new DERSequence(revoked));
    }

    private static ASN1GeneralizedTime time(Instant instant) {
        return new DERGeneralizedTime(Date.from(instant));
    }
}
