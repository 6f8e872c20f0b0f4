package io.countersign.service.appraisal;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.verifier.token.Token;
import java.text.ParseException;
import java.util.Optional;

/** Which key signed a token. */
final class KeyIds {
    private KeyIds() {}

    static Optional<String> of(Token token) {
        String compact = token.compact();
        try {
            return Optional.ofNullable(JWSHeader.parse(new Base64URL(compact.substring(0, compact.indexOf('.'))))
                    .getKeyID());
        } catch (ParseException e) {
            throw new IllegalStateException("a token that this service signed has a header", e);
        }
    }
}
