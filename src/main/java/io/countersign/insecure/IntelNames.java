package io.countersign.insecure;

import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * The names, serials, windows and addresses that Intel's certificates carry. Intel SGX PCK Certificate and CRL Profile
 * Specification, rev. 1.5, section 1.3.
 */
public final class IntelNames {
    public static final String ROOT = "Intel SGX Root CA";
    public static final String TCB_SIGNING = "Intel SGX TCB Signing";
    public static final String PCK = "Intel SGX PCK Certificate";

    /** The extension of PCK certificates that names the platform and its TCB. */
    public static final String SGX_EXTENSION = "1.2.840.113741.1.13.1";

    static final String ROOT_CRL_ADDRESS = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";
    static final BigInteger ROOT_SERIAL = serial("22650cd65a9d3489f383b49552bf501b392706ac");
    static final BigInteger TCB_SIGNING_SERIAL = serial("7e3882d5fb55294a40498e458403e91491bdf455");
    static final Window ROOT_WINDOW = window("2018-05-21T10:45:10Z", "2049-12-31T23:59:59Z");
    static final Window CA_WINDOW = window("2018-05-21T10:50:10Z", "2033-05-21T10:50:10Z");
    static final Window TCB_SIGNING_WINDOW = window("2025-05-06T09:25:00Z", "2032-05-06T09:25:00Z");

    private IntelNames() {}

    static BigInteger caSerial(PckCa ca) {
        return switch (ca) {
            case PLATFORM -> serial("956f5dcdbd1be1e94049c9d4f433ce01570bde54");
            case PROCESSOR -> serial("d0e8aada75d7f92e4917983c7b1465d0d5f2594d");
        };
    }

    static String pckCrlAddress(PckCa ca) {
        return "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=%s&encoding=der"
                .formatted(ca.word());
    }

    /** The relative names in Intel's order and string types: only the country is a PrintableString. */
    static X500Name name(String commonName) {
        return new X500Name(new RDN[] {
            rdn(BCStyle.CN, new DERUTF8String(commonName)),
            rdn(BCStyle.O, new DERUTF8String("Intel Corporation")),
            rdn(BCStyle.L, new DERUTF8String("Santa Clara")),
            rdn(BCStyle.ST, new DERUTF8String("CA")),
            rdn(BCStyle.C, new DERPrintableString("US"))
        });
    }

    private static RDN rdn(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new RDN(new AttributeTypeAndValue(type, value));
    }

    private static BigInteger serial(String hex) {
        return new BigInteger(hex, 16);
    }

    private static Window window(String notBefore, String notAfter) {
        return new Window(Instant.parse(notBefore), Instant.parse(notAfter));
    }
}
