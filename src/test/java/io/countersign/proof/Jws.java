package io.countersign.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token taken apart, to be put together otherwise. The header is free text here: forgers respect no library. */
record Jws(ObjectNode header, ObjectNode claims, String signature) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Jws of(String compact) {
        List<String> parts = List.of(compact.split("\\.", -1));
        return new Jws(object(parts.get(0)), object(parts.get(1)), parts.get(2));
    }

    private static ObjectNode object(String part) {
        try {
            return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(part));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String keyId() {
        return header.path("kid").asText();
    }

    Jws header(Consumer<ObjectNode> change) {
        ObjectNode copy = header.deepCopy();
        change.accept(copy);
        return new Jws(copy, claims, signature);
    }

    Jws claims(Consumer<ObjectNode> change) {
        ObjectNode copy = claims.deepCopy();
        change.accept(copy);
        return new Jws(header, copy, signature);
    }

    /** With the signature it came with, which fits no more when anything was changed. */
    String compact() {
        return signed(signature);
    }

    String unsigned() {
        return signed("");
    }

    String signedWith(ECKey key) {
        try {
            byte[] input = input().getBytes(StandardCharsets.US_ASCII);
            return signed(new ECDSASigner(key)
                    .sign(new JWSHeader(JWSAlgorithm.ES256), input)
                    .toString());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String hmacWith(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed(base64(mac.doFinal(input().getBytes(StandardCharsets.US_ASCII))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String signed(String with) {
        return input() + "." + with;
    }

    private String input() {
        try {
            return base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
