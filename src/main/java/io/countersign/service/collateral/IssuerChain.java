package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The issuer chain that Intel sends beside a body, in a header of its own: Intel PCS API, version 4. */
final class IssuerChain {
    /** Two certificates of Intel's take 2 KiB. */
    static final int MAX_LENGTH = 16 * 1024;

    /** The second name is that of version 3, which some caches still write. */
    static final List<String> OF_TCB_INFO = List.of("TCB-Info-Issuer-Chain", "SGX-TCB-Info-Issuer-Chain");

    static final List<String> OF_IDENTITY = List.of("SGX-Enclave-Identity-Issuer-Chain");

    /** No brace among these characters, so the chain ends where the body begins. */
    private static final Pattern PEM =
            Pattern.compile("\\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----\\s*){1,8}");

    private IssuerChain() {}

    /** The chain and directly after it the body; without such a header, which an issuer known to us may spare, the body. */
    static Fetched before(Bytes body, HttpHeaders headers, List<String> names) {
        Optional<String> header = names.stream()
                .flatMap(name -> headers.firstValue(name).stream())
                .findFirst();
        if (header.isEmpty()) {
            return new Fetched.Received(body);
        }
        return decoded(header.get())
                .<Fetched>map(chain -> new Fetched.Received(Bytes.concat(Bytes.utf8(chain), body)))
                .orElseGet(() -> new Fetched.Failed(
                        FetchFailure.WRONG_BODY, "the issuer chain in the answer's header is not PEM"));
    }

    /** A plus sign is one of Base64's digits here, and no space. */
    private static Optional<String> decoded(String header) {
        if (header.length() > 3 * MAX_LENGTH) {
            return Optional.empty();
        }
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < header.length(); i++) {
            char next = header.charAt(i);
            if (next != '%') {
                bytes.write(next);
                continue;
            }
            int value = i + 2 < header.length() ? hex(header.charAt(i + 1), header.charAt(i + 2)) : -1;
            if (value < 0) {
                return Optional.empty();
            }
            bytes.write(value);
            i += 2;
        }
        return Optional.of(Bytes.copyOf(bytes.toByteArray()).toUtf8())
                .filter(chain -> chain.length() <= MAX_LENGTH)
                .filter(IssuerChain::isPem);
    }

    static boolean isPem(String text) {
        return PEM.matcher(text).matches();
    }

    private static int hex(char high, char low) {
        int sixteens = Character.digit(high, 16);
        int ones = Character.digit(low, 16);
        return sixteens < 0 || ones < 0 ? -1 : 16 * sixteens + ones;
    }
}
