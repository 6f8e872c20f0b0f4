package io.countersign.service;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The same where nothing unsigned is loaded. */
public class SignedPolicies extends WatchedPolicies {
    /** Where the tests find the signer's private key, in base64. */
    static final String KEY = "test.policy-signer";

    private final KeyPair signer = pair();

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<>(super.getConfigOverrides());
        String pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                .formatted(base64(signer.getPublic().getEncoded()));
        settings.put(
                "countersign.policies.signers",
                Temporary.file(Temporary.folder("signers"), "signers.pem", pem).toString());
        settings.put(KEY, base64(signer.getPrivate().getEncoded()));
        return settings;
    }

    @Override
    Path folder() {
        Path folder = super.folder();
        Temporary.file(folder, "pinned.yaml.sig", PolicyEdits.signature(signer.getPrivate(), pinned()));
        Temporary.file(folder, "unsigned.yaml", pinned().replace("policy: pinned", "policy: unsigned"));
        return folder;
    }

    private static String base64(byte[] der) {
        return Base64.getEncoder().encodeToString(der);
    }
}
