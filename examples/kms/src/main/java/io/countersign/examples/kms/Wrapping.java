package io.countersign.examples.kms;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;

/** Wraps a secret to the attested key, as compact JWE (RFC 7516). */
final class Wrapping {
    private Wrapping() {}

    /**
     * The header is authenticated with the content (RFC 7516, section 5.1, step 14), so its members say which release this
     * was, and none can be passed off as another.
     */
    static String wrap(byte[] secret, String name, Recipient recipient, Jwt token, Instant now) {
        var header = new JWEHeader.Builder(recipient.algorithm(), EncryptionMethod.A256GCM)
                .keyID(recipient.keyId())
                .customParam("secret", name)
                .customParam("jti", token.getId())
                .customParam("countersign_policy_digest", token.getClaimAsString("countersign_policy_digest"))
                .customParam("iat", now.getEpochSecond())
                .build();
        var jwe = new JWEObject(header, new Payload(secret));
        try {
            jwe.encrypt(recipient.encrypter());
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that was checked does not encrypt", e);
        }
        return jwe.serialize();
    }
}
