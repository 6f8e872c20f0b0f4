package io.countersign.service.ops;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jboss.logging.Logger;

/**
 * The JCA provider that signatures go through: AWS-LC by way of Amazon Corretto Crypto Provider where its native library
 * loads, Bouncy Castle otherwise, which verifies P-384 at less than half the speed when keys are new.
 */
public record SignatureProvider(Provider provider, Speed speed) {
    private static final Logger LOG = Logger.getLogger(SignatureProvider.class);

    /** Whether signatures cost what they should. */
    public enum Speed {
        FAST,
        SLOW
    }

    /** Tries the native provider first, and says so when it does not load. */
    public static SignatureProvider fastest() {
        try {
            AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            corretto.assertHealthy();
            return new SignatureProvider(corretto, Speed.FAST);
        } catch (LinkageError | RuntimeException e) {
            LOG.warnf(
                    "Amazon Corretto Crypto Provider does not load (%s), so signatures are verified by Bouncy Castle at less"
                            + " than half the speed; start with --enable-native-access=ALL-UNNAMED on linux-x86_64",
                    e.getMessage());
            return new SignatureProvider(new BouncyCastleProvider(), Speed.SLOW);
        }
    }
}
