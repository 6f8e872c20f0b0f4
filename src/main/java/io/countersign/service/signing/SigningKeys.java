package io.countersign.service.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;

/** The token signing key as a private JWK file that only the service's user can read; made on first start and kept. */
public final class SigningKeys {
    private SigningKeys() {}

    /** Which tokens a key signs; laboratory tokens never share a key with real ones. */
    public enum Purpose {
        PRODUCTION("signing"),
        INSECURE("insecure-signing");

        private final String fileName;

        Purpose(String fileName) {
            this.fileName = fileName;
        }
    }

    /** Loads the key of an algorithm (ES256 or ES384), or makes it; whatever is wrong with the file stops the start. */
    public static ECKey loadOrMake(Path dataDir, Purpose purpose, JWSAlgorithm algorithm) {
        Path folder = dataDir.resolve("keys");
        Path file = folder.resolve("%s-%s.jwk".formatted(purpose.fileName, algorithm.getName()));
        try {
            if (!Files.exists(file)) {
                make(folder, file, algorithm);
            }
            ECKey key = ECKey.parse(Files.readString(file));
            if (!key.isPrivate() || !algorithm.equals(key.getAlgorithm())) {
                throw new IllegalStateException(file + " holds no private key for " + algorithm.getName());
            }
            if (!key.computeThumbprint().toString().equals(key.getKeyID())) {
                throw new IllegalStateException(file + " has a kid that is not its RFC 7638 thumbprint");
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("the signing key %s cannot be read or written".formatted(file), e);
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException(
                    "%s is not a JWK: restore it from a backup, or remove it and a new key is made".formatted(file), e);
        }
    }

    private static void make(Path folder, Path file, JWSAlgorithm algorithm) throws IOException, JOSEException {
        ECKey key = new ECKeyGenerator(algorithm.equals(JWSAlgorithm.ES384) ? Curve.P_384 : Curve.P_256)
                .algorithm(algorithm)
                .keyUse(KeyUse.SIGNATURE)
                .keyIDFromThumbprint(true)
                .generate();
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder, ownerOnly);
        Path draft = Files.createTempFile(
                folder,
                "new-key",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, key.toJSONString(), StandardOpenOption.TRUNCATE_EXISTING);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(draft, file);
        }
    }
}
