package io.countersign.service.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.service.signing.SigningKeys.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Provider;
import java.security.Security;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
    private static final Provider JDK = Security.getProvider("SunEC");

    private final Path dataDir;

    SigningKeysTest(@TempDir Path dataDir) {
        this.dataDir = dataDir;
    }

    private ECKey key(Purpose purpose, JWSAlgorithm algorithm) {
        return SigningKeys.loadOrMake(dataDir, purpose, algorithm);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dataDir.resolve("keys"))) {
            return files.toList();
        }
    }

    @Test
    void aKeySurvivesARestart() throws IOException {
        ECKey first = key(Purpose.PRODUCTION, JWSAlgorithm.ES256);
        assertEquals(
                first.toJSONString(),
                key(Purpose.PRODUCTION, JWSAlgorithm.ES256).toJSONString());
        assertEquals(1, files().size());
    }

    @Test
    void onlyTheServicesUserReadsIt() throws IOException {
        key(Purpose.PRODUCTION, JWSAlgorithm.ES256);
        assertEquals("rw-------", permissions(files().getFirst()));
        assertEquals("rwx------", permissions(dataDir.resolve("keys")));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aLaboratorySharesNoKeyWithProduction() {
        assertNotEquals(
                key(Purpose.PRODUCTION, JWSAlgorithm.ES256).getKeyID(),
                key(Purpose.INSECURE, JWSAlgorithm.ES256).getKeyID());
    }

    @Test
    void theKeyIdIsTheThumbprint() throws JOSEException {
        ECKey key = key(Purpose.PRODUCTION, JWSAlgorithm.ES256);
        assertEquals(key.computeThumbprint().toString(), key.getKeyID());
    }

    @Test
    void es384HasAKeyOfItsOwn() throws JOSEException, ParseException {
        ECKey key = key(Purpose.PRODUCTION, JWSAlgorithm.ES384);
        assertEquals(Curve.P_384, key.getCurve());
        assertNotEquals(key(Purpose.PRODUCTION, JWSAlgorithm.ES256).getKeyID(), key.getKeyID());
        var signer = new JwsTokenSigner(key, JDK);
        assertEquals("ES384", signer.algorithm());
        assertTrue(signer.usable());
        JWSObject token = JWSObject.parse(signer.sign("JWT", Map.of("a", 1)));
        assertEquals(JWSAlgorithm.ES384, token.getHeader().getAlgorithm());
        assertTrue(token.verify(new ECDSAVerifier(key.toPublicJWK())));
    }

    @Test
    void whatIsPublishedHoldsNoPrivatePart() {
        var published = new JwsTokenSigner(key(Purpose.PRODUCTION, JWSAlgorithm.ES256), JDK).publicJwk();
        assertEquals(java.util.Set.of("kty", "crv", "x", "y", "kid", "use", "alg"), published.keySet());
        assertFalse(published.toString().contains("\"d\""));
    }

    @Test
    void aSpoiledFileStopsTheStartAndNamesItself() throws IOException {
        key(Purpose.PRODUCTION, JWSAlgorithm.ES256);
        Path file = files().getFirst();
        for (String text : List.of("", "{}", "not JSON", "{\"kty\":\"EC\",\"crv\":\"P-256\"}")) {
            Files.writeString(file, text);
            var refusal =
                    assertThrows(IllegalStateException.class, () -> key(Purpose.PRODUCTION, JWSAlgorithm.ES256), text);
            assertTrue(String.valueOf(refusal.getMessage()).contains(file.toString()), refusal.getMessage());
            assertEquals(text, Files.readString(file));
        }
    }

    @Test
    void aPublicOrForeignKeyIsNotTaken() throws IOException {
        ECKey own = key(Purpose.PRODUCTION, JWSAlgorithm.ES256);
        Path file = files().getFirst();
        Files.writeString(file, own.toPublicJWK().toJSONString());
        assertThrows(IllegalStateException.class, () -> key(Purpose.PRODUCTION, JWSAlgorithm.ES256));
        Files.writeString(file, key(Purpose.PRODUCTION, JWSAlgorithm.ES384).toJSONString());
        assertThrows(IllegalStateException.class, () -> key(Purpose.PRODUCTION, JWSAlgorithm.ES256));
    }
}
