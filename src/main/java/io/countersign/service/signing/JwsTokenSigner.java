package io.countersign.service.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.verifier.token.TokenSigner;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;

/** Signs with an EC key in memory, through the fastest JCA provider at hand. */
public final class JwsTokenSigner implements TokenSigner {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ECKey key;
    private final JWSSigner signer;

    public JwsTokenSigner(ECKey key, Provider provider) {
        this.key = key;
        try {
            // A key of the provider's own, or each signature would begin with translating it.
            PrivateKey own = KeyFactory.getInstance("EC", provider)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(key.toECPrivateKey().getEncoded()));
            var ecdsa = new ECDSASigner(own, key.getCurve());
            ecdsa.getJCAContext().setProvider(provider);
            this.signer = ecdsa;
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("the signing key cannot sign", e);
        }
    }

    @Override
    public String sign(String typ, Map<String, Object> claims) {
        var header = new JWSHeader.Builder(
                        com.nimbusds.jose.JWSAlgorithm.parse(key.getAlgorithm().getName()))
                .keyID(key.getKeyID())
                .type(new JOSEObjectType(typ))
                .build();
        var token = new JWSObject(header, new Payload(json(claims)));
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the signing key cannot sign", e);
        }
        return token.serialize();
    }

    /** Written here, so that claims stand in the order in which people read them. */
    private static String json(Map<String, Object> claims) {
        try {
            return MAPPER.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims of plain values are always JSON", e);
        }
    }

    /** Signs a word and verifies it with the public key, for readiness. */
    public boolean usable() {
        try {
            var probe = new JWSObject(
                    new JWSHeader(com.nimbusds.jose.JWSAlgorithm.parse(algorithm())), new Payload("usable"));
            probe.sign(signer);
            return probe.verify(new com.nimbusds.jose.crypto.ECDSAVerifier(key.toPublicJWK()));
        } catch (JOSEException _) {
            return false;
        }
    }

    /** The JWS algorithm: ES256 or ES384. */
    public String algorithm() {
        return key.getAlgorithm().getName();
    }

    /** The public key as relying parties fetch it. */
    public Map<String, Object> publicJwk() {
        return key.toPublicJWK().toJSONObject();
    }
}
