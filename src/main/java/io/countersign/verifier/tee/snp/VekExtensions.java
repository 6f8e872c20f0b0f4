package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.Extension;

/**
 * AMD's extensions of a VEK certificate (arc 1.3.6.1.4.1.3704.1), decoded for one product line. AMD 57230, "VCEK Certificate".
 *
 * @param tcb absent when a level is missing or not readable
 * @param hardwareId on VCEKs
 * @param cspId on VLEKs
 * @param findings everything that is not as AMD writes it
 */
record VekExtensions(Optional<SnpTcb> tcb, Optional<Bytes> hardwareId, Optional<String> cspId, List<String> findings) {
    private static final String ARC = "1.3.6.1.4.1.3704.1.";
    private static final String STRUCT_VERSION = ARC + "1";
    private static final String PRODUCT_NAME = ARC + "2";
    private static final String SPL = ARC + "3.";
    private static final String HW_ID = ARC + "4";
    private static final String CSP_ID = ARC + "5";

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int IA5_STRING = 0x16;

    VekExtensions {
        findings = List.copyOf(findings);
    }

    /** Whether an extension is one that is decoded here, or one that {@link Vek} judges itself. */
    static boolean isKnown(String oid) {
        return oid.startsWith(ARC) || oid.equals(Extension.basicConstraints.getId());
    }

    static VekExtensions decode(Certificate certificate, Product product, VekKind kind) {
        return new Decoder(certificate, product, kind).decode();
    }

    /**
     * A level from 0 to 255 as a DER INTEGER (X.690, 8.3): 02 01 xx up to 127, 02 02 00 xx above. Anything else, be it
     * negative, padded, longer or followed by bytes, is empty.
     */
    static OptionalInt level(Bytes value) {
        boolean small = value.length() == 3 && value.u8(0) == INTEGER && value.u8(1) == 1 && value.u8(2) <= 0x7F;
        boolean large = value.length() == 4
                && value.u8(0) == INTEGER
                && value.u8(1) == 2
                && value.u8(2) == 0
                && value.u8(3) >= 0x80;
        return small || large ? OptionalInt.of(value.u8(value.length() - 1)) : OptionalInt.empty();
    }

    /** A non-empty IA5String of printable characters, shorter than 128. */
    static Optional<String> ia5(Bytes value) {
        if (value.length() < 3 || value.u8(0) != IA5_STRING || value.u8(1) != value.length() - 2 || value.u8(1) > 127) {
            return Optional.empty();
        }
        for (int i = 2; i < value.length(); i++) {
            if (value.u8(i) < 0x20 || value.u8(i) > 0x7E) {
                return Optional.empty();
            }
        }
        return Optional.of(value.slice(2, value.length()).toUtf8());
    }

    /**
     * hwID stands raw; AMD announced an OCTET STRING around it. The length decides, never a first byte, which in a raw one
     * is random.
     */
    static Optional<Bytes> hardwareId(Bytes value, Product product) {
        int length = product.hardwareIdLength();
        if (value.length() == length) {
            return Optional.of(value);
        }
        boolean wrapped = value.length() == length + 2 && value.u8(0) == OCTET_STRING && value.u8(1) == length;
        return wrapped ? Optional.of(value.slice(2, length + 2)) : Optional.empty();
    }

    private static final class Decoder {
        private final Certificate certificate;
        private final Product product;
        private final VekKind kind;
        private final List<String> findings = new ArrayList<>();

        Decoder(Certificate certificate, Product product, VekKind kind) {
            this.certificate = certificate;
            this.product = product;
            this.kind = kind;
        }

        VekExtensions decode() {
            structVersion();
            productName();
            Optional<SnpTcb> tcb = tcb();
            Optional<Bytes> hardwareId = hardwareId();
            Optional<String> cspId = cspId();
            return new VekExtensions(tcb, hardwareId, cspId, findings);
        }

        private void structVersion() {
            int expected = product == Product.TURIN ? 1 : 0;
            OptionalInt found = certificate
                    .extension(STRUCT_VERSION)
                    .map(VekExtensions::level)
                    .orElse(OptionalInt.empty());
            if (found.isEmpty() || found.getAsInt() != expected) {
                findings.add("structVersion is not " + expected);
            }
        }

        /** "Milan-B0" is Milan with a stepping; Genoa, Turin and VLEKs write none. */
        private void productName() {
            String name = certificate
                    .extension(PRODUCT_NAME)
                    .flatMap(VekExtensions::ia5)
                    .orElse("");
            int dash = name.indexOf('-');
            String line = dash < 0 ? name : name.substring(0, dash);
            if (!line.equals(product.kdsName())) {
                findings.add("productName is \"" + name + "\", not of " + product.kdsName());
            }
        }

        private Optional<SnpTcb> tcb() {
            OptionalInt bootloader = required(1, "blSPL");
            OptionalInt tee = required(2, "teeSPL");
            OptionalInt snp = required(3, "snpSPL");
            OptionalInt microcode = required(8, "ucodeSPL");
            for (int reserved = 4; reserved <= 7; reserved++) {
                zero(reserved);
            }
            OptionalInt fmc = fmc();
            if (bootloader.isEmpty() || tee.isEmpty() || snp.isEmpty() || microcode.isEmpty() || fmc.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (product) {
                        case MILAN, GENOA ->
                            new SnpTcb.Classic(
                                    bootloader.getAsInt(),
                                    tee.getAsInt(),
                                    snp.getAsInt(),
                                    microcode.getAsInt(),
                                    Bytes.zeros(4));
                        case TURIN ->
                            new SnpTcb.WithFmc(
                                    fmc.getAsInt(),
                                    bootloader.getAsInt(),
                                    tee.getAsInt(),
                                    snp.getAsInt(),
                                    microcode.getAsInt(),
                                    Bytes.zeros(3));
                    });
        }

        private OptionalInt fmc() {
            return switch (product) {
                case TURIN -> required(9, "fmcSPL");
                case MILAN, GENOA -> {
                    if (certificate.extension(SPL + 9).isPresent()) {
                        findings.add("fmcSPL stands in a certificate of " + product.kdsName());
                    }
                    yield OptionalInt.of(0);
                }
            };
        }

        private OptionalInt required(int suffix, String name) {
            OptionalInt level = certificate
                    .extension(SPL + suffix)
                    .map(VekExtensions::level)
                    .orElse(OptionalInt.empty());
            if (level.isEmpty()) {
                findings.add(name + " is missing or not an integer from 0 to 255");
            }
            return level;
        }

        /** spl4 to spl7 stand for reserved bytes of the TCB. */
        private void zero(int suffix) {
            certificate.extension(SPL + suffix).ifPresent(value -> {
                if (!level(value).equals(OptionalInt.of(0))) {
                    findings.add("spl" + suffix + " is not zero");
                }
            });
        }

        private Optional<Bytes> hardwareId() {
            Optional<Bytes> value = certificate.extension(HW_ID);
            if (kind == VekKind.VLEK) {
                value.ifPresent(_ -> findings.add("hwID stands in a VLEK certificate"));
                return Optional.empty();
            }
            Optional<Bytes> found = value.flatMap(raw -> VekExtensions.hardwareId(raw, product));
            if (found.isEmpty()) {
                findings.add("hwID is missing or not " + product.hardwareIdLength() + " bytes");
            }
            return found;
        }

        private Optional<String> cspId() {
            Optional<Bytes> value = certificate.extension(CSP_ID);
            if (kind == VekKind.VCEK) {
                value.ifPresent(_ -> findings.add("cspID stands in a VCEK certificate"));
                return Optional.empty();
            }
            Optional<String> found = value.flatMap(VekExtensions::ia5);
            if (found.isEmpty()) {
                findings.add("cspID is missing or not readable");
            }
            return found;
        }
    }
}
