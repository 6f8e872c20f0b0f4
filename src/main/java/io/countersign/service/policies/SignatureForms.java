package io.countersign.service.policies;

import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The ways to write a signature to a file: its bytes, as openssl does, or those in base64, as cosign does. */
final class SignatureForms {
    /** An Ed25519 signature, RFC 8032, section 5.1.6; a DER-encoded ECDSA signature may be longer or shorter. */
    private static final int SHORTEST = 64;

    private static final int LONGEST = 1024;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/\\s]+={0,2}\\s*");

    private SignatureForms() {}

    /** Every signature that the file may mean; none when it cannot be one. */
    static List<Bytes> of(Bytes file) {
        var forms = new ArrayList<Bytes>();
        String text = new String(file.toByteArray(), StandardCharsets.ISO_8859_1);
        if (BASE64.matcher(text).matches()) {
            try {
                forms.add(Bytes.copyOf(Base64.getMimeDecoder().decode(text)));
            } catch (IllegalArgumentException _) {
                // Some letters that are no base64 after all.
                return List.of();
            }
        } else {
            forms.add(file);
        }
        return forms.stream()
                .filter(form -> form.length() <= LONGEST)
                .filter(form -> form.length() >= SHORTEST)
                .toList();
    }
}
