package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What AMD's endorsements say of themselves. This chooses what to keep under which name, so that a stray file or a confused
 * mirror does not spoil the folder; whether any of it is genuine is for the core.
 */
final class AmdReadings {
    /** VEK extensions: AMD 57230, section 3, "VCEK certificate extensions". */
    private static final String PRODUCT_NAME = "1.3.6.1.4.1.3704.1.2";

    private static final String BOOTLOADER = "1.3.6.1.4.1.3704.1.3.1";
    private static final String TEE = "1.3.6.1.4.1.3704.1.3.2";
    private static final String SNP = "1.3.6.1.4.1.3704.1.3.3";
    private static final String MICROCODE = "1.3.6.1.4.1.3704.1.3.8";
    private static final String FMC = "1.3.6.1.4.1.3704.1.3.9";
    private static final String HARDWARE_ID = "1.3.6.1.4.1.3704.1.4";

    private static final int CHAIN_LENGTH = 2;
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

    private AmdReadings() {}

    static Reading read(AmdEndorsementRef ref, Bytes content) {
        try {
            return switch (ref) {
                case AmdEndorsementRef.Vcek vcek -> vcek(vcek, Certificate.parse(content));
                case AmdEndorsementRef.Chain _ -> chain(content.toUtf8());
                case AmdEndorsementRef.Crl _ -> crl(RevocationList.parse(content));
            };
        } catch (MalformedDerException e) {
            return new Reading.Unreadable(Objects.requireNonNullElse(e.getMessage(), "it cannot be read"));
        }
    }

    private static Reading vcek(AmdEndorsementRef.Vcek ref, Certificate certificate) {
        if (!names(certificate, ref.product())) {
            return new Reading.Misfit("the certificate is of another product");
        }
        if (!namesChip(certificate, ref.hardwareId())) {
            return new Reading.Misfit("the certificate is of another chip");
        }
        if (!namesTcb(certificate, ref.tcb())) {
            return new Reading.Misfit("the certificate is of another TCB");
        }
        return new Reading.Fits(
                Optional.of(certificate.window().notAfter()),
                Optional.empty(),
                Optional.of(certificate.subjectPublicKeyInfo()));
    }

    /** "Milan-B0", "Genoa", "Turin", as a DER string: a tag, one byte of length, the text. */
    private static boolean names(Certificate certificate, Product product) {
        return certificate
                .extension(PRODUCT_NAME)
                .filter(name -> name.length() > 2)
                .filter(name -> name.slice(2, name.length()).startsWith(Bytes.utf8(product.kdsName())))
                .isPresent();
    }

    /** The bare bytes; or, as AMD issued for a time, the same in a DER OCTET STRING. */
    private static boolean namesChip(Certificate certificate, Bytes hardwareId) {
        Bytes wrapped = Bytes.concat(Bytes.copyOf((byte) 0x04, (byte) hardwareId.length()), hardwareId);
        return certificate
                .extension(HARDWARE_ID)
                .filter(value -> value.equals(hardwareId) || value.equals(wrapped))
                .isPresent();
    }

    private static boolean namesTcb(Certificate certificate, SnpTcb tcb) {
        return level(certificate, BOOTLOADER, tcb.bootloader())
                && level(certificate, TEE, tcb.tee())
                && level(certificate, SNP, tcb.snp())
                && level(certificate, MICROCODE, tcb.microcode())
                && (tcb.fmc().isEmpty() || level(certificate, FMC, tcb.fmc().getAsInt()));
    }

    /** Compares with the one DER encoding that the level has, so nothing needs to be decoded. */
    private static boolean level(Certificate certificate, String extension, int level) {
        Bytes encoded = level < 0x80
                ? Bytes.copyOf((byte) 0x02, (byte) 1, (byte) level)
                : Bytes.copyOf((byte) 0x02, (byte) 2, (byte) 0, (byte) level);
        return certificate.extension(extension).filter(encoded::equals).isPresent();
    }

    private static Reading crl(RevocationList list) {
        return new Reading.Fits(
                list.nextUpdate(),
                list.number().map(number -> new Edition(number, Optional.empty())),
                Optional.empty());
    }

    /** ASK or ASVK, then ARK: AMD 57230, section 4, "cert_chain". */
    private static Reading chain(String pem) throws MalformedDerException {
        var certificates = new ArrayList<Certificate>();
        Matcher block = PEM_BLOCK.matcher(pem);
        while (block.find()) {
            certificates.add(Certificate.parse(der(block.group(1))));
        }
        if (certificates.size() != CHAIN_LENGTH) {
            return new Reading.Unreadable(
                    "a chain is %d certificates in PEM, not %d".formatted(CHAIN_LENGTH, certificates.size()));
        }
        return new Reading.Fits(Optional.of(earliestEnd(certificates)), Optional.empty(), Optional.empty());
    }

    private static Bytes der(String base64) {
        try {
            return Bytes.copyOf(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            // Not a certificate either: parsing nothing says so.
            return Bytes.empty();
        }
    }

    private static Instant earliestEnd(List<Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> certificate.window().notAfter())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }
}
