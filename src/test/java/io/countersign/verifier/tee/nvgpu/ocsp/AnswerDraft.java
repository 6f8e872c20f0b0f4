package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** An OCSP answer being made, good at first; each method makes one thing different. RFC 6960, section 4.2.1. */
public final class AnswerDraft {
    public static final Instant MADE = Instant.parse("2026-06-01T12:00:00Z");
    public static final ASN1ObjectIdentifier UNHEARD_OF = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int GOOD = 0;
    private static final int REVOKED = 1;
    private static final int UNKNOWN = 2;

    /** What is said about one certificate. */
    public static final class Said {
        private final CertID id;
        private ASN1Encodable status = new DERTaggedObject(false, GOOD, DERNull.INSTANCE);
        private ASN1GeneralizedTime thisUpdate = time(MADE);
        private Optional<Instant> nextUpdate = Optional.of(MADE.plusSeconds(6 * 3600));
        private Optional<Extension> extension = Optional.empty();

        private Said(CertID id) {
            this.id = id;
        }

        public Said revoked(int reason) {
            var info = new ASN1EncodableVector();
            info.add(time(MADE.minusSeconds(86_400)));
            info.add(new DERTaggedObject(true, 0, new ASN1Enumerated(reason)));
            status = new DERTaggedObject(false, REVOKED, new DERSequence(info));
            return this;
        }

        Said revokedWithoutReason() {
            status = new DERTaggedObject(false, REVOKED, new DERSequence(time(MADE.minusSeconds(86_400))));
            return this;
        }

        public Said unknown() {
            status = new DERTaggedObject(false, UNKNOWN, DERNull.INSTANCE);
            return this;
        }

        Said status(int tag) {
            status = new DERTaggedObject(false, tag, DERNull.INSTANCE);
            return this;
        }

        public Said thisUpdate(Instant instant) {
            thisUpdate = time(instant);
            return this;
        }

        Said thisUpdate(String text) {
            thisUpdate = new ASN1GeneralizedTime(text);
            return this;
        }

        public Said nextUpdate(Instant instant) {
            nextUpdate = Optional.of(instant);
            return this;
        }

        public Said withoutNextUpdate() {
            nextUpdate = Optional.empty();
            return this;
        }

        Said extension(boolean critical) {
            extension = Optional.of(new Extension(UNHEARD_OF, critical, new DEROctetString(new byte[] {5, 0})));
            return this;
        }

        private DERSequence encoded() {
            var parts = new ASN1EncodableVector();
            parts.add(id);
            parts.add(status);
            parts.add(thisUpdate);
            nextUpdate.ifPresent(instant -> parts.add(new DERTaggedObject(true, 0, time(instant))));
            extension.ifPresent(each -> parts.add(new DERTaggedObject(true, 1, new Extensions(each))));
            return new DERSequence(parts);
        }
    }

    private final List<Said> singles = new ArrayList<>();
    private final List<Bytes> certificates = new ArrayList<>();
    private final List<Extension> extensions = new ArrayList<>();
    private KeyPair signer;
    private ResponderID responder;
    private Instant producedAt = MADE;
    private int status;
    private ASN1ObjectIdentifier type = OCSPObjectIdentifiers.id_pkix_ocsp_basic;
    private Optional<Integer> version = Optional.empty();
    private String javaAlgorithm = "SHA384withECDSA";
    private AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);

    private AnswerDraft(Party signer) {
        this.signer = signer.keys();
        this.responder = new ResponderID(name(signer));
    }

    /** By the issuer itself. */
    public static AnswerDraft by(Party issuer) {
        return new AnswerDraft(issuer);
    }

    /** By a responder whose certificate comes along. */
    public static AnswerDraft byDelegate(Party delegate) {
        return new AnswerDraft(delegate).carrying(delegate.certificate().der());
    }

    public static Said about(Party subject, Party issuer) {
        return about("SHA-384", subject, issuer);
    }

    public static Said about(String hash, Party subject, Party issuer) {
        return about(hash, oid(hash), subject, issuer);
    }

    /** Named under one hash, which is said to be another. */
    static Said about(String hash, ASN1ObjectIdentifier oid, Party subject, Party issuer) {
        CertificateId id = CertificateId.under(hash, subject.certificate(), issuer.certificate());
        return named(oid, id);
    }

    static Said named(ASN1ObjectIdentifier hash, CertificateId id) {
        return new Said(new CertID(
                new AlgorithmIdentifier(hash, DERNull.INSTANCE),
                new DEROctetString(id.issuerNameHash().toByteArray()),
                new DEROctetString(id.issuerKeyHash().toByteArray()),
                new ASN1Integer(id.serial())));
    }

    private static ASN1ObjectIdentifier oid(String hash) {
        return switch (hash) {
            case "SHA-1" -> OIWObjectIdentifiers.idSHA1;
            case "SHA-256" -> NISTObjectIdentifiers.id_sha256;
            case "SHA-512" -> NISTObjectIdentifiers.id_sha512;
            default -> NISTObjectIdentifiers.id_sha384;
        };
    }

    public AnswerDraft says(Said said) {
        singles.add(said);
        return this;
    }

    AnswerDraft carrying(Bytes certificate) {
        certificates.add(certificate);
        return this;
    }

    AnswerDraft carryingNothing() {
        certificates.clear();
        return this;
    }

    /** Another key signs; the name stays. */
    public AnswerDraft signedBy(KeyPair other) {
        signer = other;
        return this;
    }

    AnswerDraft algorithm(String java, AlgorithmIdentifier named) {
        javaAlgorithm = java;
        algorithm = named;
        return this;
    }

    AnswerDraft namedBy(Party other) {
        responder = new ResponderID(name(other));
        return this;
    }

    AnswerDraft namedByKey(Party other) {
        responder =
                new ResponderID(new DEROctetString(Encoding.digest("SHA-1", CertificateId.keyBits(other.certificate()))
                        .toByteArray()));
        return this;
    }

    public AnswerDraft producedAt(Instant instant) {
        producedAt = instant;
        return this;
    }

    AnswerDraft status(int number) {
        status = number;
        return this;
    }

    AnswerDraft type(ASN1ObjectIdentifier other) {
        type = other;
        return this;
    }

    AnswerDraft version(int number) {
        version = Optional.of(number);
        return this;
    }

    AnswerDraft nonce(Bytes nonce, boolean critical) {
        try {
            return nonceExtension(Bytes.copyOf(new DEROctetString(nonce.toByteArray()).getEncoded("DER")), critical);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    AnswerDraft nonceExtension(Bytes value, boolean critical) {
        extensions.add(new Extension(
                OCSPObjectIdentifiers.id_pkix_ocsp_nonce, critical, new DEROctetString(value.toByteArray())));
        return this;
    }

    AnswerDraft extension(boolean critical) {
        extensions.add(new Extension(UNHEARD_OF, critical, new DEROctetString(new byte[] {5, 0})));
        return this;
    }

    public Bytes der() {
        try {
            var tbs = new ASN1EncodableVector();
            version.ifPresent(number -> tbs.add(new DERTaggedObject(true, 0, new ASN1Integer(number))));
            tbs.add(responder);
            tbs.add(time(producedAt));
            var all = new ASN1EncodableVector();
            singles.forEach(said -> all.add(said.encoded()));
            tbs.add(new DERSequence(all));
            if (!extensions.isEmpty()) {
                tbs.add(new DERTaggedObject(true, 1, new DERSequence(extensions.toArray(Extension[]::new))));
            }
            var data = new DERSequence(tbs);
            var basic = new ASN1EncodableVector();
            basic.add(data);
            basic.add(algorithm);
            basic.add(new DERBitString(Party.sign(signer, javaAlgorithm, Bytes.copyOf(data.getEncoded("DER")))
                    .toByteArray()));
            if (!certificates.isEmpty()) {
                var carried = new ASN1EncodableVector();
                for (Bytes certificate : certificates) {
                    carried.add(ASN1Primitive.fromByteArray(certificate.toByteArray()));
                }
                basic.add(new DERTaggedObject(true, 0, new DERSequence(carried)));
            }
            var bytes = new ASN1EncodableVector();
            bytes.add(type);
            bytes.add(new DEROctetString(new DERSequence(basic).getEncoded("DER")));
            var response = new ASN1EncodableVector();
            response.add(new ASN1Enumerated(status));
            response.add(new DERTaggedObject(true, 0, new DERSequence(bytes)));
            return Bytes.copyOf(new DERSequence(response).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer that has nothing but a status. */
    static Bytes only(int status) {
        try {
            return Bytes.copyOf(new DERSequence(new ASN1Enumerated(status)).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static CertificateId id(String hash, Party subject, Party issuer, BigInteger serial) {
        CertificateId id = CertificateId.under(hash, subject.certificate(), issuer.certificate());
        return new CertificateId(id.issuerNameHash(), id.issuerKeyHash(), serial);
    }

    private static X500Name name(Party party) {
        return X500Name.getInstance(party.certificate().subject().toByteArray());
    }

    private static ASN1GeneralizedTime time(Instant instant) {
        return new ASN1GeneralizedTime(TIME.format(instant));
    }
}
