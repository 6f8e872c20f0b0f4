package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;

/**
 * A revocation list being made. It starts out as its vendor would issue it: by the root, with number, thisUpdate and
 * nextUpdate, nothing revoked. RFC 5280, section 5.1.
 */
public final class SoftwareCrl {
    private static final String UNKNOWN_EXTENSION = "1.3.6.1.4.1.3704.99.1";

    private final List<BigInteger> revoked = new ArrayList<>();
    private final List<DERSequence> extensions = new ArrayList<>();
    private final Function<String, X500Name> names;
    private String issuer;
    private IssuingKey signer;
    private RsaSignature scheme = RsaSignature.AMD_TRAILER_WRITTEN;
    private Instant thisUpdate;
    private Optional<Instant> nextUpdate;
    private Optional<Long> number = Optional.of(1L);
    private Optional<Bytes> authorityKeyIdentifier = Optional.empty();
    private Optional<Integer> reason = Optional.empty();

    /** A list of AMD's. */
    SoftwareCrl(String issuer, RsaKey signer, Instant thisUpdate, Instant nextUpdate) {
        this(AmdNames::name, issuer, new RsaIssuer(signer, RsaSignature.AMD_TRAILER_WRITTEN), thisUpdate, nextUpdate);
    }

    /**
     * A list of any vendor's.
     *
     * @param names makes the whole name from a common name
     */
    SoftwareCrl(
            Function<String, X500Name> names,
            String issuer,
            IssuingKey signer,
            Instant thisUpdate,
            Instant nextUpdate) {
        this.names = names;
        this.issuer = issuer;
        this.signer = signer;
        this.thisUpdate = thisUpdate;
        this.nextUpdate = Optional.of(nextUpdate);
    }

    /** Another common name in the vendor's issuer; the signer stays. */
    public SoftwareCrl issuer(String commonName) {
        issuer = commonName;
        return this;
    }

    public SoftwareCrl signedBy(RsaKey other) {
        signer = new RsaIssuer(other, scheme);
        return this;
    }

    /** Another signer of any kind; the issuer's name stays. */
    public SoftwareCrl signedBy(IssuingKey other) {
        signer = other;
        return this;
    }

    public SoftwareCrl signature(RsaSignature algorithm) {
        scheme = algorithm;
        signer = signer.by(algorithm);
        return this;
    }

    public SoftwareCrl thisUpdate(Instant instant) {
        thisUpdate = instant;
        return this;
    }

    public SoftwareCrl nextUpdate(Instant instant) {
        nextUpdate = Optional.of(instant);
        return this;
    }

    public SoftwareCrl withoutNextUpdate() {
        nextUpdate = Optional.empty();
        return this;
    }

    public SoftwareCrl number(long value) {
        number = Optional.of(value);
        return this;
    }

    public SoftwareCrl withoutNumber() {
        number = Optional.empty();
        return this;
    }

    /** Names the issuer's key by these bytes. */
    public SoftwareCrl authorityKeyIdentifier(Bytes identifier) {
        authorityKeyIdentifier = Optional.of(identifier);
        return this;
    }

    public SoftwareCrl withoutAuthorityKeyIdentifier() {
        authorityKeyIdentifier = Optional.empty();
        return this;
    }

    public SoftwareCrl revoking(long serial) {
        return revoking(BigInteger.valueOf(serial));
    }

    public SoftwareCrl revoking(BigInteger serial) {
        revoked.add(serial);
        return this;
    }

    /** Gives every entry this reason: RFC 5280, section 5.3.1. */
    SoftwareCrl reason(int code) {
        reason = Optional.of(code);
        return this;
    }

    /** A critical extension that nobody knows: RFC 5280, section 5.2, forbids using such a list. */
    public SoftwareCrl withUnknownCriticalExtension() {
        return withCriticalExtension(UNKNOWN_EXTENSION, Bytes.fromHex("0500"));
    }

    public SoftwareCrl withCriticalExtension(String oid, Bytes value) {
        var parts = new ASN1EncodableVector();
        parts.add(new ASN1ObjectIdentifier(oid));
        parts.add(ASN1Boolean.TRUE);
        parts.add(new DEROctetString(value.toByteArray()));
        extensions.add(new DERSequence(parts));
        return this;
    }

    /** The list in DER. */
    public Bytes der() {
        try {
            var tbs = new DERSequence(signedPart());
            Bytes signed = signer.sign(Bytes.copyOf(tbs.getEncoded("DER")));
            var parts = new ASN1EncodableVector();
            parts.add(tbs);
            parts.add(signer.identifier());
            parts.add(new DERBitString(signed.toByteArray()));
            return Bytes.copyOf(new DERSequence(parts).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a revocation list in memory can always be encoded", e);
        }
    }

    private ASN1EncodableVector signedPart() throws IOException {
        var tbs = new ASN1EncodableVector();
        tbs.add(new ASN1Integer(1)); // version 2
        tbs.add(signer.identifier());
        tbs.add(names.apply(issuer));
        tbs.add(new Time(Date.from(thisUpdate)));
        nextUpdate.ifPresent(instant -> tbs.add(new Time(Date.from(instant))));
        if (!revoked.isEmpty()) {
            var entries = new ASN1EncodableVector();
            for (BigInteger serial : revoked) {
                var entry = new ASN1EncodableVector();
                entry.add(new ASN1Integer(serial));
                entry.add(new Time(Date.from(thisUpdate)));
                if (reason.isPresent()) {
                    entry.add(new DERSequence(extension(Extension.reasonCode, new ASN1Enumerated(reason.get()))));
                }
                entries.add(new DERSequence(entry));
            }
            tbs.add(new DERSequence(entries));
        }
        var all = new ASN1EncodableVector();
        if (number.isPresent()) {
            all.add(extension(Extension.cRLNumber, new ASN1Integer(number.get())));
        }
        if (authorityKeyIdentifier.isPresent()) {
            all.add(extension(
                    Extension.authorityKeyIdentifier,
                    new AuthorityKeyIdentifier(authorityKeyIdentifier.get().toByteArray())));
        }
        extensions.forEach(all::add);
        if (all.size() > 0) {
            tbs.add(new DERTaggedObject(true, 0, new DERSequence(all)));
        }
        return tbs;
    }

    private static DERSequence extension(ASN1ObjectIdentifier oid, ASN1Encodable value) throws IOException {
        var parts = new ASN1EncodableVector();
        parts.add(oid);
        parts.add(new DEROctetString(value));
        return new DERSequence(parts);
    }
}
