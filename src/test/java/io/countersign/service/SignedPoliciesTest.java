package io.countersign.service;

import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.PolicyEdits.shown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** With signers configured, nothing counts that none of them signed. */
@QuarkusTest
@TestProfile(SignedPolicies.class)
class SignedPoliciesTest {
    private static final String NEXT = WatchedPolicies.pinned().replace("version: \"3\"", "version: \"4\"");

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @Inject
    @ConfigProperty(name = SignedPolicies.KEY)
    String signer;

    private PrivateKey key() throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(signer)));
    }

    @Test
    void aSignedFileIsLoadedAndAnUnsignedOneIsNot() {
        assertEquals("active", shown("pinned").get("state").asText());
        JsonNode unsigned = shown("unsigned");
        assertEquals("rejected", unsigned.get("state").asText());
        assertTrue(
                unsigned.at("/refused/issues/0/message").asText().contains("unsigned.yaml.sig"), unsigned.toString());
    }

    @Test
    void theShippedPoliciesNeedNoSignature() {
        assertEquals("active", shown("baseline").get("state").asText());
    }

    @Test
    void aChangedFileCountsOnlyOnceItIsSigned() throws IOException, GeneralSecurityException {
        JsonNode before = shown("pinned");
        Files.writeString(folder.resolve("pinned.yaml"), NEXT);
        JsonNode refused = eventually("pinned", policy -> policy.has("refused"));
        assertEquals(before.get("digest"), refused.get("digest"));
        assertTrue(refused.at("/refused/issues/0/suggestion").asText().contains("openssl pkeyutl"), refused.toString());
        Files.writeString(folder.resolve("pinned.yaml.sig"), PolicyEdits.signature(key(), NEXT));
        JsonNode after = eventually("pinned", policy -> !policy.has("refused"));
        assertEquals("4", after.get("version").asText());
    }
}
