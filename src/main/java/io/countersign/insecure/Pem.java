package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text armour of RFC 7468 with lines of 64 characters and a line feed after each. */
public final class Pem {
    private Pem() {}

    public static String block(String label, Bytes der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der.toByteArray());
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
    }

    public static String certificate(Bytes der) {
        return block("CERTIFICATE", der);
    }
}
