package io.countersign.service.api.request;

import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;

/** base64url or base64, padded or not, one alphabet per value, canonical, no white space: RFC 4648, sections 4 and 5. */
final class Base64Text {
    private static final String NO_WHITE_SPACE = "base64 or base64url without white space was expected";

    private Base64Text() {}

    static Bytes decode(String pointer, String text) throws RequestInvalidException {
        if (text.startsWith("-----BEGIN")) {
            throw new RequestInvalidException(pointer, "this is PEM; base64 of the bytes in it was expected");
        }
        if (text.chars().anyMatch(Character::isWhitespace)) {
            throw new RequestInvalidException(pointer, NO_WHITE_SPACE);
        }
        boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        if (url && (text.indexOf('+') >= 0 || text.indexOf('/') >= 0)) {
            throw new RequestInvalidException(pointer, "base64 and base64url are mixed in one value");
        }
        if (text.endsWith("=") && text.length() % 4 != 0) {
            throw new RequestInvalidException(pointer, "the padding of this base64 does not fit its length");
        }
        try {
            byte[] decoded = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
            String again = (url ? Base64.getUrlEncoder() : Base64.getEncoder())
                    .withoutPadding()
                    .encodeToString(decoded);
            if (!text.startsWith(again)) {
                throw new RequestInvalidException(pointer, "this base64 is not canonical: its last bits are not zero");
            }
            return Bytes.copyOf(decoded);
        } catch (IllegalArgumentException _) {
            throw new RequestInvalidException(pointer, NO_WHITE_SPACE);
        }
    }
}
