package io.countersign.service.signing.pkcs11;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.KeyVault;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.RingKey.Home;
import io.countersign.service.signing.Seal;
import io.countersign.service.signing.SigningAlgorithm;
import io.countersign.service.signing.pkcs11.TokenSession.Opened;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Private keys in a PKCS#11 token: made there, used there, found again by their kid. */
public final class TokenVault implements KeyVault {
    /** RFC 5280, section 4.1.2.5: the end of what has no end. */
    private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

    private final TokenSettings settings;
    private final TokenSession session;

    /** Opens nothing yet. */
    public TokenVault(TokenSettings settings) {
        this.settings = settings;
        this.session = new TokenSession(settings);
    }

    @Override
    public Made make(SigningAlgorithm algorithm) throws KeyTroubleException {
        return session.call(opened -> {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", opened.provider());
            generator.initialize(algorithm.curve().toECParameterSpec());
            KeyPair pair = generator.generateKeyPair();
            ECKey jwk = jwk(algorithm, (ECPublicKey) pair.getPublic());
            Certificate[] chain = {certificate(algorithm, jwk.getKeyID(), pair, opened)};
            // Until here the key lives for the session alone; this keeps it.
            opened.keys().setKeyEntry(jwk.getKeyID(), pair.getPrivate(), null, chain);
            return new Made(jwk, new Home.InToken(jwk.getKeyID()));
        });
    }

    private static ECKey jwk(SigningAlgorithm algorithm, ECPublicKey key) {
        try {
            return new ECKey.Builder(algorithm.curve(), key)
                    .algorithm(algorithm.jws())
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }

    /** Java finds private keys by certificates only, so each gets one that nobody else looks at. */
    private static Certificate certificate(SigningAlgorithm algorithm, String kid, KeyPair pair, Opened opened)
            throws GeneralSecurityException, IOException {
        var name = new X500Name("CN=" + kid);
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name, BigInteger.ONE, Date.from(Instant.EPOCH), Date.from(NO_END), name, pair.getPublic());
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm.signature())
                            .setProvider(opened.provider())
                            .build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    @Override
    public Seal open(RingKey key) throws KeyTroubleException {
        String alias = alias(key);
        session.call(opened -> {
            // A key that another process made is seen only when the token's objects are listed anew.
            if (opened.key(alias).isEmpty()) {
                opened.keys().load(null, null);
            }
            Certificate certificate = opened.keys().getCertificate(alias);
            if (certificate == null
                    || !(certificate.getPublicKey() instanceof ECPublicKey found)
                    || !jwk(key.algorithm(), found).getKeyID().equals(key.kid())) {
                throw missing(key);
            }
            return privateKey(opened, key);
        });
        return token -> {
            // Signed on a thread of the token's, and put together there: a JWSObject keeps its first signature.
            session.call(opened -> {
                try {
                    var signer = new ECDSASigner(
                            privateKey(opened, key), key.algorithm().curve());
                    signer.getJCAContext().setProvider(opened.provider());
                    token.sign(signer);
                    return token;
                } catch (JOSEException e) {
                    throw new GeneralSecurityException(e);
                }
            });
        };
    }

    private PrivateKey privateKey(Opened opened, RingKey key) throws KeyTroubleException, GeneralSecurityException {
        return opened.key(alias(key)).orElseThrow(() -> missing(key));
    }

    private KeyTroubleException missing(RingKey key) {
        return new KeyTroubleException(
                "%s holds no private key %s; restore the token from a backup, or withdraw the key"
                        .formatted(settings.words(), key.kid()));
    }

    @Override
    public void destroy(RingKey key) throws KeyTroubleException {
        session.call(opened -> {
            opened.keys().load(null, null);
            if (opened.keys().containsAlias(alias(key))) {
                opened.keys().deleteEntry(alias(key));
            }
            opened.found().remove(alias(key));
            return key;
        });
    }

    private static String alias(RingKey key) {
        return switch (key.home()) {
            case Home.InToken(String alias) -> alias;
            case Home.InFile _ -> throw new IllegalArgumentException("the key is in no token");
        };
    }
}
