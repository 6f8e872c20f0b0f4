package io.countersign.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;

/**
 * The machine's own key pair: the evidence commits to its public half, and secrets come wrapped to it. EC P-256 or P-384, or RSA
 * from 2048 bits on. Not X25519, though the service takes it: Nimbus needs Tink for that, a third dependency.
 */
public final class AttestedKey {
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384);
    private static final Set<String> PUBLIC_MEMBERS = Set.of("kty", "crv", "x", "y", "n", "e");

    private final JWK pair;

    private AttestedKey(JWK pair) {
        this.pair = pair;
    }

    /** A new P-256 pair, in memory alone. */
    public static AttestedKey generate() {
        try {
            return new AttestedKey(new ECKeyGenerator(Curve.P_256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform makes P-256 keys", e);
        }
    }

    /** Reads a private JWK; throws an {@link IllegalArgumentException} that says what is wrong with it. */
    public static AttestedKey parse(String json) {
        try {
            StrictJson.object(json);
            JWK key = JWK.parse(json);
            if (!key.isPrivate()) {
                throw new IllegalArgumentException("the key has no private half");
            }
            if (key instanceof ECKey ec && CURVES.contains(ec.getCurve())) {
                return new AttestedKey(key);
            }
            if (key instanceof RSAKey && key.size() >= LEAST_RSA_BITS) {
                return new AttestedKey(key);
            }
            throw new IllegalArgumentException(
                    "the key is none of EC P-256, EC P-384 and RSA from " + LEAST_RSA_BITS + " bits on");
        } catch (StrictJson.NotStrictException | ParseException e) {
            throw new IllegalArgumentException("the text is no JWK", e);
        }
    }

    /** Reads the file, which must be its owner's alone; makes it, with a new pair, where it is absent. */
    public static AttestedKey inFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            AttestedKey fresh = generate();
            SecretFile.write(file, fresh.pair.toJSONString().getBytes(StandardCharsets.UTF_8));
            return fresh;
        }
        try {
            return parse(new String(SecretFile.read(file), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /** The public half, with the members that its thumbprint covers and no others. */
    public Map<String, Object> publicJwk() {
        var members = new java.util.TreeMap<>(pair.toPublicJWK().toJSONObject());
        members.keySet().retainAll(PUBLIC_MEMBERS);
        return members;
    }

    /** RFC 7638, SHA-256. */
    public Bytes thumbprint() {
        try {
            return Bytes.of(pair.computeThumbprint().decode());
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The pair, for unwrapping. */
    public JWK pair() {
        return pair;
    }

    /** The thumbprint alone. */
    @Override
    public String toString() {
        return "AttestedKey[" + thumbprint().base64Url() + "]";
    }
}
