package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** The names, serials, windows and addresses that NVIDIA's certificates carry, as genuine chains show them. */
public final class NvidiaNames {
    public static final String DEVICE_ROOT = "NVIDIA Device Identity CA";
    public static final String RIM_ROOT = "NVIDIA CoRIM signing Root CA";

    /** TCG DICE, composite device id: Hopper and LS10 have it. */
    public static final String COMPOSITE_DEVICE_ID = "2.23.133.5.4.1";

    /** TCG DICE, DiceTcbInfo: Blackwell has it. */
    public static final String DICE_TCB_INFO = "2.23.133.5.4.1.1";

    static final String OCSP_ADDRESS = "http://ocsp.ndis.nvidia.com";
    static final String ROOT_CRL_ADDRESS = "http://crl.ndis.nvidia.com/crl/l1-root.crl";
    static final String RIM_ROOT_CRL_ADDRESS = "http://crl.ndis.nvidia.com/crl-corim/l1-corim";
    static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");
    static final BigInteger DEVICE_ROOT_SERIAL = new BigInteger("2d3670b1ca100411c1fec0e82a065b54", 16);
    static final BigInteger RIM_ROOT_SERIAL = new BigInteger("45dae3a00e5037bddf875375ecb5e270", 16);
    static final Window DEVICE_ROOT_WINDOW = endless("2021-11-05T00:00:00Z");
    static final Window RIM_ROOT_WINDOW =
            new Window(Instant.parse("2023-03-16T15:37:34Z"), Instant.parse("2053-03-08T15:37:34Z"));

    /** Parts a chip's common name from its serialNumber. */
    private static final String SERIAL = "#";

    private NvidiaNames() {}

    static Window endless(String from) {
        return new Window(Instant.parse(from), NO_END);
    }

    /** The name of a chip's certificate, for {@link #name}. */
    public static String ofChip(String commonName, String serialNumber) {
        return commonName + SERIAL + serialNumber;
    }

    /** A serial number of this many bytes that belongs to a name. The top bit is clear, the next one set. */
    static BigInteger serial(String owner, int bytes) {
        byte[] digits = Bytes.utf8("countersign laboratory serial of " + owner)
                .sha256()
                .slice(0, bytes)
                .toByteArray();
        digits[0] = (byte) (digits[0] & 0x3F | 0x40);
        return new BigInteger(1, digits);
    }

    /** The relative names of each kind of certificate in NVIDIA's order and string types. */
    static X500Name name(String commonName) {
        int hash = commonName.indexOf(SERIAL);
        if (hash >= 0) {
            return new X500Name(new RDN[] {
                rdn(BCStyle.SERIALNUMBER, new DERPrintableString(commonName.substring(hash + 1))),
                country(),
                organization("NVIDIA Corporation"),
                text(BCStyle.CN, commonName.substring(0, hash))
            });
        }
        return new X500Name(
                switch (commonName) {
                    case RIM_ROOT -> new RDN[] {country(), organization("NVIDIA"), text(BCStyle.CN, commonName)};
                    case DEVICE_ROOT -> new RDN[] {text(BCStyle.CN, commonName), organization("NVIDIA")};
                    default -> others(commonName);
                });
    }

    private static RDN[] others(String commonName) {
        if (commonName.contains(" L4")) {
            return new RDN[] {
                country(),
                text(BCStyle.ST, "CA"),
                text(BCStyle.L, "Santa Clara"),
                organization("NVIDIA Corporation"),
                text(BCStyle.CN, commonName)
            };
        }
        List<RDN> names = new ArrayList<>(List.of(text(BCStyle.CN, commonName), organization("NVIDIA Corporation")));
        if (!commonName.endsWith(" Identity")) {
            names.add(country());
        }
        return names.toArray(RDN[]::new);
    }

    private static RDN country() {
        return rdn(BCStyle.C, new DERPrintableString("US"));
    }

    private static RDN organization(String name) {
        return text(BCStyle.O, name);
    }

    private static RDN text(ASN1ObjectIdentifier type, String value) {
        return rdn(type, new DERUTF8String(value));
    }

    private static RDN rdn(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new RDN(new AttributeTypeAndValue(type, value));
    }
}
