package io.countersign.insecure;

import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** The names, serials, windows and object identifiers that AMD's certificates carry. AMD 57230, sections 2 and 3. */
public final class AmdNames {
    private static final String ARC = "1.3.6.1.4.1.3704.1";

    /** The extensions of VCEK and VLEK certificates. AMD 57230, table of VCEK extensions. */
    public static final String STRUCT_VERSION = ARC + ".1";

    public static final String PRODUCT_NAME = ARC + ".2";
    public static final String BOOTLOADER = ARC + ".3.1";
    public static final String TEE = ARC + ".3.2";
    public static final String SNP = ARC + ".3.3";
    public static final String SPL_4 = ARC + ".3.4";
    public static final String SPL_5 = ARC + ".3.5";
    public static final String SPL_6 = ARC + ".3.6";
    public static final String SPL_7 = ARC + ".3.7";
    public static final String MICROCODE = ARC + ".3.8";
    public static final String FMC = ARC + ".3.9";
    public static final String HARDWARE_ID = ARC + ".4";
    public static final String CSP_ID = ARC + ".5";

    private AmdNames() {}

    static String ark(Product product) {
        return "ARK-" + product.kdsName();
    }

    /** The ASK's common name for VCEKs, the ASVK's for VLEKs. */
    static String intermediate(Product product, VekKind kind) {
        return switch (kind) {
            case VCEK -> "SEV-" + product.kdsName();
            case VLEK -> "SEV-VLEK-" + product.kdsName();
        };
    }

    static String leaf(VekKind kind) {
        return switch (kind) {
            case VCEK -> "SEV-VCEK";
            case VLEK -> "SEV-VLEK";
        };
    }

    static long arkSerial(Product product) {
        return switch (product) {
            case MILAN -> 0x10000;
            case GENOA -> 0x20000;
            case TURIN -> 0x30000;
        };
    }

    static long intermediateSerial(Product product, VekKind kind) {
        return switch (kind) {
            // Genoa's ASK is the second one that was made, hence its last digit.
            case VCEK -> arkSerial(product) + (product == Product.GENOA ? 2 : 1);
            case VLEK -> arkSerial(product) + 0x101;
        };
    }

    static Window arkWindow(Product product) {
        return switch (product) {
            case MILAN -> window("2020-10-22T17:23:05Z", "2045-10-22T17:23:05Z");
            case GENOA -> window("2022-01-26T15:34:37Z", "2047-01-26T15:34:37Z");
            case TURIN -> window("2023-05-15T20:03:12Z", "2048-05-15T20:03:12Z");
        };
    }

    static Window intermediateWindow(Product product, VekKind kind) {
        return switch (product) {
            case MILAN ->
                kind == VekKind.VCEK
                        ? window("2020-10-22T18:24:20Z", "2045-10-22T18:24:20Z")
                        : window("2022-11-16T22:45:24Z", "2047-11-16T22:45:24Z");
            case GENOA ->
                kind == VekKind.VCEK
                        ? window("2022-10-31T13:33:48Z", "2047-10-31T13:33:48Z")
                        : window("2022-11-18T20:48:34Z", "2047-11-18T20:48:34Z");
            case TURIN ->
                kind == VekKind.VCEK
                        ? window("2023-05-15T20:25:21Z", "2048-05-15T20:25:21Z")
                        : window("2023-05-15T21:09:41Z", "2048-05-15T21:09:41Z");
        };
    }

    static String crlAddress(Product product, VekKind kind) {
        return "https://kdsintf.amd.com/%s/v1/%s/crl".formatted(kind.word(), product.kdsName());
    }

    /** The productName1 extension: Milan's VCEKs name the stepping, nothing else does. */
    static String productName(Product product, VekKind kind) {
        return product == Product.MILAN && kind == VekKind.VCEK ? "Milan-B0" : product.kdsName();
    }

    /** The relative names in AMD's order and string types: only the country is a PrintableString. */
    static X500Name name(String commonName) {
        return new X500Name(new RDN[] {
            rdn(BCStyle.OU, new DERUTF8String("Engineering")),
            rdn(BCStyle.C, new DERPrintableString("US")),
            rdn(BCStyle.L, new DERUTF8String("Santa Clara")),
            rdn(BCStyle.ST, new DERUTF8String("CA")),
            rdn(BCStyle.O, new DERUTF8String("Advanced Micro Devices")),
            rdn(BCStyle.CN, new DERUTF8String(commonName))
        });
    }

    private static RDN rdn(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new RDN(new AttributeTypeAndValue(type, value));
    }

    private static Window window(String notBefore, String notAfter) {
        return new Window(Instant.parse(notBefore), Instant.parse(notAfter));
    }
}
