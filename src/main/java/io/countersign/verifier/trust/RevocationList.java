package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertList;

/** An X.509 CRL read strictly (RFC 5280, section 5): canonical DER, inner and outer algorithm equal. Trusts nothing. */
public final class RevocationList {
    /** AMD's lists are well below this; Intel's PCK CRLs stay below it too. */
    public static final int MAX_LENGTH = 1024 * 1024;

    private final Bytes der;
    private final Bytes tbs;
    private final Bytes signatureAlgorithm;
    private final Bytes signature;
    private final Bytes issuer;
    private final Instant thisUpdate;
    private final Optional<Instant> nextUpdate;
    private final Optional<BigInteger> number;
    private final Optional<Bytes> authorityKey;
    private final Set<BigInteger> revoked;
    private final List<String> unknownCritical;

    private RevocationList(Bytes der, CertificateList parsed) throws IOException {
        TBSCertList inner = parsed.getTBSCertList();
        this.der = der;
        List<Bytes> outerParts = DerTree.parts(der);
        this.tbs = outerParts.get(0);
        this.signatureAlgorithm = outerParts.get(1);
        this.signature = Bytes.copyOf(parsed.getSignature().getOctets());
        this.issuer = Certificate.Der.of(parsed.getIssuer());
        this.thisUpdate = parsed.getThisUpdate().getDate().toInstant();
        this.nextUpdate = Optional.ofNullable(parsed.getNextUpdate())
                .map(time -> time.getDate().toInstant());
        Optional<Extensions> extensions = Optional.ofNullable(inner.getExtensions());
        this.number = extensions
                .map(all -> all.getExtensionParsedValue(Extension.cRLNumber))
                .map(value -> ASN1Integer.getInstance(value).getValue());
        this.authorityKey = extensions
                .map(AuthorityKeyIdentifier::fromExtensions)
                .map(AuthorityKeyIdentifier::getKeyIdentifierOctets)
                .map(Bytes::copyOf);
        var serials = new HashSet<BigInteger>();
        var unknown = new java.util.ArrayList<String>();
        for (TBSCertList.CRLEntry entry : parsed.getRevokedCertificates()) {
            serials.add(entry.getUserCertificate().getValue());
            Optional.ofNullable(entry.getExtensions()).ifPresent(all -> unknown.addAll(critical(all, Set.of())));
        }
        extensions.ifPresent(all -> unknown.addAll(critical(all, Set.of(Extension.cRLNumber.getId()))));
        this.revoked = Set.copyOf(serials);
        this.unknownCritical = List.copyOf(unknown);
    }

    public static RevocationList parse(Bytes der) throws MalformedDerException {
        if (der.length() > MAX_LENGTH) {
            throw new MalformedDerException(
                    "a CRL of %d bytes is longer than the %d that are read".formatted(der.length(), MAX_LENGTH));
        }
        try {
            var parsed = CertificateList.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
            if (!Certificate.Der.of(parsed).equals(der)) {
                throw new MalformedDerException("the CRL is not canonical DER");
            }
            var list = new RevocationList(der, parsed);
            if (!Certificate.Der.of(parsed.getTBSCertList().getSignature()).equals(list.signatureAlgorithm)) {
                throw new MalformedDerException("inner and outer signature algorithm of the CRL differ");
            }
            return list;
        } catch (IOException | RuntimeException e) {
            throw new MalformedDerException("not an X.509 CRL in DER");
        }
    }

    private static List<String> critical(Extensions extensions, Set<String> known) {
        return java.util.stream.Stream.of(extensions.getCriticalExtensionOIDs())
                .map(org.bouncycastle.asn1.ASN1ObjectIdentifier::getId)
                .filter(oid -> !known.contains(oid))
                .toList();
    }

    public Bytes der() {
        return der;
    }

    public Bytes tbs() {
        return tbs;
    }

    public Bytes signatureAlgorithm() {
        return signatureAlgorithm;
    }

    public Bytes signature() {
        return signature;
    }

    public Bytes issuer() {
        return issuer;
    }

    public Instant thisUpdate() {
        return thisUpdate;
    }

    /** RFC 5280 demands it; a list without one could be replayed for ever and is refused by those who judge it. */
    public Optional<Instant> nextUpdate() {
        return nextUpdate;
    }

    public Optional<BigInteger> number() {
        return number;
    }

    /** The identifier of the key that signed it: RFC 5280, section 5.2.1. */
    public Optional<Bytes> authorityKeyIdentifier() {
        return authorityKey;
    }

    public Set<BigInteger> revokedSerials() {
        return revoked;
    }

    /** Critical extensions, of the list or of an entry, that we do not know: such a list cannot be relied on. */
    public List<String> unknownCriticalExtensions() {
        return unknownCritical;
    }
}
