package io.countersign.service.wiring;

import io.countersign.service.config.CountersignConfig;
import io.countersign.service.store.RedisAddress;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the operator set about the store, checked at start. */
sealed interface StoreSettings {
    /** One replica, and everything in memory. */
    record Embedded() implements StoreSettings {}

    /** Any number of replicas with one Redis and one secret. */
    record Shared(RedisAddress address, Duration timeout, String prefix, Bytes secret) implements StoreSettings {}

    /** Reads the settings and the secret; a message says which key to change. */
    static StoreSettings of(CountersignConfig config) {
        Optional<String> url = config.redisUrl();
        Optional<Path> secretFile = config.challenge().secretFile();
        if (url.isEmpty() && secretFile.isPresent()) {
            throw new IllegalArgumentException(
                    "countersign.challenge.secret-file is set, but countersign.redis-url is not: challenges that several"
                            + " replicas accept need a store in which they are spent once. Set both, or neither");
        }
        if (url.isEmpty()) {
            return new Embedded();
        }
        Path file = secretFile.orElseThrow(() -> new IllegalArgumentException(
                "countersign.redis-url is set, but countersign.challenge.secret-file is not: replicas recognise each other's"
                        + " challenges by a secret they share. Write 32 random bytes to a file"
                        + " (head -c 32 /dev/urandom), give it to every replica, and name it"));
        return new Shared(
                RedisAddress.parse(url.get()),
                timeout(config.store().timeout()),
                prefix(config.store().prefix()),
                SecretFile.read(file));
    }

    private static Duration timeout(Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(10)) < 0 || timeout.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "countersign.store.timeout is %s; it goes from 10ms to 10s".formatted(timeout));
        }
        return timeout;
    }

    private static String prefix(String prefix) {
        if (!prefix.matches("[\\x21-\\x7e]{1,64}")) {
            throw new IllegalArgumentException(
                    "countersign.store.prefix is \"%s\"; 1 to 64 ASCII characters without a space were expected"
                            .formatted(prefix));
        }
        return prefix;
    }

    /** The secret behind challenges. */
    final class SecretFile {
        private static final Logger LOG = Logger.getLogger("io.countersign");
        private static final int LEAST = 32;
        private static final int MOST = 4096;

        private SecretFile() {}

        /** Takes every byte as it is, a line end too. */
        static Bytes read(Path file) {
            byte[] content;
            try (var in = Files.newInputStream(file)) {
                content = in.readNBytes(MOST + 1);
            } catch (IOException _) {
                throw new IllegalArgumentException(
                        "countersign.challenge.secret-file %s cannot be read; a file that this user may read was expected"
                                .formatted(file));
            }
            if (content.length < LEAST || content.length > MOST) {
                throw new IllegalArgumentException(
                        "countersign.challenge.secret-file %s has %s bytes; %d to %d random ones were expected"
                                .formatted(file, content.length > MOST ? "more" : content.length, LEAST, MOST));
            }
            warning(file).ifPresent(LOG::warn);
            return Bytes.copyOf(content);
        }

        static Optional<String> warning(Path file) {
            return new SecretFiles("countersign.challenge.secret-file", file, "whoever reads it can make challenges")
                    .warning();
        }
    }
}
