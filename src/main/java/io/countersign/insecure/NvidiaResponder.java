package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.trust.Window;
import java.time.Duration;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Who answers for one issuer: its own certificate says that the issuer let it. RFC 6960, section 4.2.2.2.
 *
 * @param issuer the issuer's common name, as {@link NvidiaNames#name} takes it
 */
public record NvidiaResponder(SoftwareNvidia nvidia, String issuer, NvidiaKey issuerKey) {
    private static final Duration LIFE = Duration.ofDays(30);

    public NvidiaKey key() {
        return nvidia.key("OCSP responder of " + issuer);
    }

    /** Its certificate to change and finish with {@code der()}. */
    public SoftwareCertificate draft() {
        String name = "NVIDIA OCSP Responder";
        var begin = nvidia.asOf().minus(Duration.ofDays(2));
        var draft = nvidia.draft(
                        name,
                        NvidiaNames.serial(name + " of " + issuer, 16),
                        new Window(begin, begin.plus(LIFE)),
                        key(),
                        issuer,
                        issuerKey)
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, NvidiaExtensions.noAuthority())
                .with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        NvidiaExtensions.keyUsage(KeyUsage.digitalSignature))
                .with(
                        Extension.extendedKeyUsage.getId(),
                        NvidiaExtensions.der(new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning)))
                .with(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nocheck.getId(),
                        NvidiaExtensions.der(org.bouncycastle.asn1.DERNull.INSTANCE));
        return NvidiaExtensions.identified(draft, key(), issuerKey);
    }
}
