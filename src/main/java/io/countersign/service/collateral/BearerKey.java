package io.countersign.service.collateral;

import java.util.regex.Pattern;

/**
 * A key that a vendor's service wants to see. Nothing shows it but the one header that it is for.
 *
 * @param secret without white space around it
 */
public record BearerKey(String secret) {
    /** RFC 6750, section 2.1: token68. Above all no line break, which would begin another header. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,4096}=*");

    public BearerKey {
        secret = secret.strip();
        if (!TOKEN.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                    "countersign.collateral.nvidia-api-key is not a key: it holds something other than letters, digits and -._~+/=");
        }
    }

    /** The value of the header {@code Authorization}. */
    String header() {
        return "Bearer " + secret;
    }

    @Override
    public String toString() {
        return "a key";
    }
}
