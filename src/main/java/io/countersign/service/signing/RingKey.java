package io.countersign.service.signing;

import com.nimbusds.jose.jwk.ECKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One signing key as the ring tells of it; the private half is elsewhere.
 *
 * @param publicJwk with kid (RFC 7638), alg and use
 * @param activeFrom from when on it signs, unless it was withdrawn or a later one does
 * @param withdrawnAt when it was withdrawn; that it was counts from the moment on in which it is read
 */
public record RingKey(
        ECKey publicJwk, SigningAlgorithm algorithm, Home home, Instant activeFrom, Optional<Instant> withdrawnAt) {
    /** Where the private half is. */
    public sealed interface Home {
        /** In a file beside the ring. */
        record InFile(String name) implements Home {}

        /** In a PKCS#11 token, under that alias. */
        record InToken(String alias) implements Home {}

        /** For people. */
        default String words() {
            return switch (this) {
                case InFile(String name) -> "file " + name;
                case InToken _ -> "PKCS#11 token";
            };
        }
    }

    public RingKey {
        if (publicJwk.isPrivate()) {
            throw new IllegalArgumentException("the ring holds no private key");
        }
    }

    public String kid() {
        return publicJwk.getKeyID();
    }

    /** The public key as relying parties fetch it. */
    public Map<String, Object> published() {
        return publicJwk.toJSONObject();
    }

    RingKey withdrawn(Instant at) {
        return new RingKey(publicJwk, algorithm, home, activeFrom, Optional.of(at));
    }

    RingKey activeFrom(Instant from) {
        return new RingKey(publicJwk, algorithm, home, from, withdrawnAt);
    }
}
