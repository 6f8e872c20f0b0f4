package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;

/**
 * The spellings in which revocation lists come from Intel and from caches. A PCCS answers hex digits whatever type it says
 * it sends, and PEM is what Intel gives to those who do not ask for DER.
 */
final class CrlForms {
    private static final int DER_SEQUENCE = 0x30;
    private static final String BEGIN = "-----BEGIN X509 CRL-----";
    private static final String END = "-----END X509 CRL-----";

    private CrlForms() {}

    /** The DER that is spelled; what is none of the spellings stays as it is, and is refused by whoever reads it. */
    static Bytes der(Bytes content) {
        if (content.length() == 0 || content.u8(0) == DER_SEQUENCE) {
            return content;
        }
        String text = content.toUtf8().strip();
        try {
            return text.startsWith(BEGIN) && text.endsWith(END)
                    ? base64(text.substring(BEGIN.length(), text.length() - END.length()))
                    : Bytes.fromHex(text);
        } catch (IllegalArgumentException _) {
            return content;
        }
    }

    private static Bytes base64(String lines) {
        return Bytes.copyOf(Base64.getDecoder().decode(lines.replaceAll("\\s", "")));
    }
}
