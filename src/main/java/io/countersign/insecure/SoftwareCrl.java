package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;

/**
 * A revocation list being made. It starts out as AMD would issue it: by the ARK, with number, thisUpdate and nextUpdate,
 * nothing revoked. RFC 5280, section 5.1.
 */
public final class SoftwareCrl {
    private static final String UNKNOWN_EXTENSION = "1.3.6.1.4.1.3704.99.1";

    private final List<BigInteger> revoked = new ArrayList<>();
    private final List<DERSequence> extensions = new ArrayList<>();
    private String issuer;
    private RsaKey signer;
    private RsaSignature signature = RsaSignature.AMD_TRAILER_WRITTEN;
    private Instant thisUpdate;
    private Optional<Instant> nextUpdate;
    private long number = 1;

    SoftwareCrl(String issuer, RsaKey signer, Instant thisUpdate, Instant nextUpdate) {
        this.issuer = issuer;
        this.signer = signer;
        this.thisUpdate = thisUpdate;
        this.nextUpdate = Optional.of(nextUpdate);
    }

    /** Another common name in AMD's issuer; the signer stays. */
    public SoftwareCrl issuer(String commonName) {
        issuer = commonName;
        return this;
    }

    public SoftwareCrl signedBy(RsaKey other) {
        signer = other;
        return this;
    }

    public SoftwareCrl signature(RsaSignature algorithm) {
        signature = algorithm;
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
        number = value;
        return this;
    }

    public SoftwareCrl revoking(long serial) {
        revoked.add(BigInteger.valueOf(serial));
        return this;
    }

    /** A critical extension that nobody knows: RFC 5280, section 5.2, forbids using such a list. */
    public SoftwareCrl withUnknownCriticalExtension() {
        var parts = new ASN1EncodableVector();
        parts.add(new ASN1ObjectIdentifier(UNKNOWN_EXTENSION));
        parts.add(ASN1Boolean.TRUE);
        parts.add(new DEROctetString(new byte[] {5, 0})); // NULL
        extensions.add(new DERSequence(parts));
        return this;
    }

    /** The list in DER. */
    public Bytes der() {
        try {
            var tbs = new DERSequence(signedPart());
            Bytes signed = signature.sign(signer.parameters(), Bytes.copyOf(tbs.getEncoded("DER")));
            var parts = new ASN1EncodableVector();
            parts.add(tbs);
            parts.add(signature.identifier());
            parts.add(new DERBitString(signed.toByteArray()));
            return Bytes.copyOf(new DERSequence(parts).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a revocation list in memory can always be encoded", e);
        }
    }

    private ASN1EncodableVector signedPart() throws IOException {
        var tbs = new ASN1EncodableVector();
        tbs.add(new ASN1Integer(1)); // version 2
        tbs.add(signature.identifier());
        tbs.add(AmdNames.name(issuer));
        tbs.add(new Time(Date.from(thisUpdate)));
        nextUpdate.ifPresent(instant -> tbs.add(new Time(Date.from(instant))));
        if (!revoked.isEmpty()) {
            var entries = new ASN1EncodableVector();
            for (BigInteger serial : revoked) {
                var entry = new ASN1EncodableVector();
                entry.add(new ASN1Integer(serial));
                entry.add(new Time(Date.from(thisUpdate)));
                entries.add(new DERSequence(entry));
            }
            tbs.add(new DERSequence(entries));
        }
        var all = new ASN1EncodableVector();
        var crlNumber = new ASN1EncodableVector();
        crlNumber.add(Extension.cRLNumber);
        crlNumber.add(new DEROctetString(new ASN1Integer(number)));
        all.add(new DERSequence(crlNumber));
        extensions.forEach(all::add);
        tbs.add(new DERTaggedObject(true, 0, new DERSequence(all)));
        return tbs;
    }
}
