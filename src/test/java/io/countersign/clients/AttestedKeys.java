package io.countersign.clients;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Keys that openssl makes, as the JDK and Nimbus read them. */
final class AttestedKeys {
    private static final int X25519_LENGTH = 32;

    private AttestedKeys() {}

    static void write(String kind, Path pem) throws IOException, InterruptedException {
        List<String> options =
                switch (kind) {
                    case "x25519" -> List.of("-algorithm", "X25519");
                    case "rsa:2048" -> List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
                    case "rsa:3072" -> List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072");
                    default ->
                        List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + kind.substring("ec:".length()));
                };
        Files.createDirectories(pem.getParent());
        openssl(pem, "genpkey", options);
        Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));
    }

    static JWK publicJwk(String kind, Path pem)
            throws IOException, InterruptedException, GeneralSecurityException, JOSEException {
        Path der = pem.resolveSibling("public.der");
        openssl(der, "pkey", List.of("-in", pem.toString(), "-pubout", "-outform", "DER"));
        byte[] bytes = Files.readAllBytes(der);
        if (kind.equals("x25519")) {
            byte[] x = Arrays.copyOfRange(bytes, bytes.length - X25519_LENGTH, bytes.length);
            return new OctetKeyPair.Builder(Curve.X25519, Base64URL.encode(x)).build();
        }
        String algorithm = kind.startsWith("rsa") ? "RSA" : "EC";
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes));
        return key instanceof RSAPublicKey rsa
                ? new RSAKey.Builder(rsa).build()
                : new ECKey.Builder(Curve.parse(kind.substring("ec:".length())), (ECPublicKey) key).build();
    }

    private static void openssl(Path out, String command, List<String> options)
            throws IOException, InterruptedException {
        var words = new java.util.ArrayList<>(List.of("openssl", command));
        words.addAll(options);
        words.addAll(List.of("-out", out.toString()));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(words + " failed");
        }
    }
}
