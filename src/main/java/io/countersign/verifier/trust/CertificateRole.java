package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What a certificate says that it may be used for: RFC 5280, sections 4.2.1.3 and 4.2.1.9. */
public final class CertificateRole {
    private static final List<String> UNDERSTOOD =
            List.of(Extension.keyUsage.getId(), Extension.basicConstraints.getId());

    private CertificateRole() {}

    /** Its basicConstraints; empty when it has none that can be read. */
    public static Optional<BasicConstraints> constraints(Certificate certificate) {
        return value(certificate, Extension.basicConstraints.getId()).flatMap(value -> {
            try {
                return Optional.of(BasicConstraints.getInstance(value));
            } catch (RuntimeException _) {
                return Optional.empty();
            }
        });
    }

    /**
     * Whether its keyUsage names all of some usages.
     *
     * @param usages bits of {@link KeyUsage}
     */
    public static boolean allows(Certificate certificate, int usages) {
        return value(certificate, Extension.keyUsage.getId())
                .flatMap(CertificateRole::keyUsage)
                .filter(usage -> usage.hasUsages(usages))
                .isPresent();
    }

    /** Critical extensions beyond keyUsage and basicConstraints: whoever meets one must not rely on the certificate. */
    public static List<String> unknownCriticalExtensions(Certificate certificate) {
        return certificate.criticalExtensions().stream()
                .filter(oid -> !UNDERSTOOD.contains(oid))
                .toList();
    }

    private static Optional<KeyUsage> keyUsage(ASN1Primitive value) {
        try {
            return Optional.of(KeyUsage.getInstance(value));
        } catch (RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<ASN1Primitive> value(Certificate certificate, String oid) {
        Optional<Bytes> raw = certificate.extension(oid);
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(ASN1Primitive.fromByteArray(raw.get().toByteArray()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
