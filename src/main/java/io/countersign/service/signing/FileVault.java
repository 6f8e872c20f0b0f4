package io.countersign.service.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.signing.RingKey.Home;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Private keys as JWK files beside the ring, which only the service's user can read; used in memory. */
public final class FileVault implements KeyVault {
    private final KeyFolder folder;
    private final Provider provider;

    /** Signs through the given JCA provider. */
    public FileVault(KeyFolder folder, Provider provider) {
        this.folder = folder;
        this.provider = provider;
    }

    @Override
    public Made make(SigningAlgorithm algorithm) throws KeyTroubleException {
        try {
            ECKey key = new ECKeyGenerator(algorithm.curve())
                    .algorithm(algorithm.jws())
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            String name = folder.nameFor(algorithm, key.getKeyID());
            folder.writeKey(name, key.toJSONString());
            return new Made(key.toPublicJWK(), new Home.InFile(name));
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes keys on " + algorithm.curve(), e);
        }
    }

    /** The one key from before there were rings, as the first of a ring. */
    Optional<RingKey> fromBeforeRings(SigningAlgorithm algorithm, Instant now) throws KeyTroubleException {
        String name = folder.nameBeforeRings(algorithm);
        Optional<String> text = folder.readKey(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ECKey key = read(name, text.get(), algorithm);
        Instant written = folder.written(name).truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(new RingKey(
                new ECKey.Builder(key.toPublicJWK()).keyUse(KeyUse.SIGNATURE).build(),
                algorithm,
                new Home.InFile(name),
                written.isBefore(now) ? written : now,
                Optional.empty()));
    }

    @Override
    public Seal open(RingKey key) throws KeyTroubleException {
        String name = name(key);
        ECKey secret = read(
                name,
                folder.readKey(name)
                        .orElseThrow(() -> new KeyTroubleException(
                                "the private key %s is not there; restore it from a".formatted(folder.file(name))
                                        + " backup, or withdraw the key %s".formatted(key.kid()))),
                key.algorithm());
        if (!secret.getKeyID().equals(key.kid())) {
            throw new KeyTroubleException(
                    "%s holds another key than the ring says, %s".formatted(folder.file(name), key.kid()));
        }
        try {
            // A key of the provider's own, or each signature would begin with translating it.
            PrivateKey own = KeyFactory.getInstance("EC", provider)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(secret.toECPrivateKey().getEncoded()));
            var signer = new ECDSASigner(own, key.algorithm().curve());
            signer.getJCAContext().setProvider(provider);
            return token -> {
                try {
                    token.sign(signer);
                } catch (JOSEException e) {
                    throw new KeyTroubleException("the signing key %s cannot sign".formatted(key.kid()), e);
                }
            };
        } catch (JOSEException | GeneralSecurityException e) {
            throw new KeyTroubleException("%s cannot sign".formatted(folder.file(name)), e);
        }
    }

    @Override
    public void destroy(RingKey key) throws KeyTroubleException {
        folder.deleteKey(name(key));
    }

    private static String name(RingKey key) {
        return switch (key.home()) {
            case Home.InFile(String name) -> name;
            case Home.InToken _ -> throw new IllegalArgumentException("the key is in no file");
        };
    }

    private ECKey read(String name, String text, SigningAlgorithm algorithm) throws KeyTroubleException {
        try {
            ECKey key = ECKey.parse(text);
            if (!key.isPrivate() || !algorithm.jws().equals(key.getAlgorithm())) {
                throw new KeyTroubleException("%s holds no private key for %s".formatted(folder.file(name), algorithm));
            }
            if (!key.computeThumbprint().toString().equals(key.getKeyID())) {
                throw new KeyTroubleException(
                        "%s has a kid that is not its RFC 7638 thumbprint".formatted(folder.file(name)));
            }
            if (!algorithm.curve().equals(key.getCurve()) || !matches(key)) {
                throw new KeyTroubleException(
                        "%s is no key: its private half belongs to another public one".formatted(folder.file(name)));
            }
            return key;
        } catch (ParseException | JOSEException | IllegalStateException | IllegalArgumentException e) {
            throw new KeyTroubleException("%s is not a JWK; restore it from a backup".formatted(folder.file(name)), e);
        }
    }

    /** Signs a word and verifies it. */
    private static boolean matches(ECKey key) throws JOSEException {
        var probe = new JWSObject(
                new JWSHeader(JWSAlgorithm.parse(key.getAlgorithm().getName())), new Payload("probe"));
        probe.sign(new ECDSASigner(key));
        return probe.verify(new ECDSAVerifier(key.toPublicJWK()));
    }
}
