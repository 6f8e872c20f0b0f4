package io.countersign.service.audit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What checkpoints say, compared with the lines they are about and verified with the keys at hand. */
public final class Vouchers {
    /** A checkpoint stands as many lines after what it vouches for as are written while it is signed. */
    private static final int REMEMBERED = 1 << 16;

    private final Optional<JWKSet> keys;
    private final String[] hashes = new String[REMEMBERED];
    private long latest;
    private long compared;
    private long verified;
    private long upTo;

    /** Without keys, signatures are not looked at. */
    public Vouchers(Optional<JWKSet> keys) {
        this.keys = keys;
    }

    void passed(Head line) {
        latest = line.seq();
        hashes[(int) (latest % REMEMBERED)] = line.hash();
    }

    /** What is wrong with a checkpoint of a log that is read from that line on. */
    Optional<String> wrong(String compact, Head begin) {
        try {
            JWSObject jws = JWSObject.parse(compact);
            Map<String, Object> claims = jws.getPayload().toJSONObject();
            if (claims == null
                    || !(claims.get("seq") instanceof Number seq)
                    || !(claims.get("head") instanceof String head)
                    || !new JOSEObjectType(Checkpoints.TYPE)
                            .equals(jws.getHeader().getType())) {
                return Optional.of("the checkpoint vouches for no line");
            }
            long about = seq.longValue();
            if (about > latest) {
                return Optional.of("the checkpoint vouches for line %d, which comes later".formatted(about));
            }
            boolean within = about >= begin.seq();
            if (within && latest - about >= REMEMBERED) {
                return Optional.of(
                        "the checkpoint vouches for line %d, and so many lines before it no checkpoint does: it was signed for another place"
                                .formatted(about));
            }
            if (within && !Objects.equals(hashes[(int) (about % REMEMBERED)], head)) {
                return Optional.of("the checkpoint vouches for line %d with the hash %s, and the log has %s"
                        .formatted(about, head, hashes[(int) (about % REMEMBERED)]));
            }
            if (keys.isPresent()) {
                Optional<String> why = unsigned(jws, keys.get());
                if (why.isPresent()) {
                    return why;
                }
                verified += within ? 1 : 0;
                upTo = within ? about : upTo;
            }
            // What it says of lines that are not read here is compared with nothing, and proves nothing of those that
            // are.
            compared += within ? 1 : 0;
            return Optional.empty();
        } catch (ParseException _) {
            return Optional.of("the checkpoint is no JWS");
        }
    }

    private static Optional<String> unsigned(JWSObject jws, JWKSet keys) {
        String kid = jws.getHeader().getKeyID();
        // The key says the algorithm, never what it signed: RFC 8725, section 3.1.
        if (!(keys.getKeyByKeyId(kid) instanceof ECKey key)
                || !String.valueOf(key.getAlgorithm())
                        .equals(jws.getHeader().getAlgorithm().getName())) {
            return Optional.of("the checkpoint is signed with the key %s, which is none of those given".formatted(kid));
        }
        try {
            return jws.verify(new ECDSAVerifier(key))
                    ? Optional.empty()
                    : Optional.of("the checkpoint's signature is not of the key %s".formatted(kid));
        } catch (JOSEException e) {
            return Optional.of("the checkpoint's signature cannot be verified: " + e.getMessage());
        }
    }

    /** Checkpoints that are about the lines they say. */
    public long compared() {
        return compared;
    }

    /** Those of them whose signature was verified. */
    public long verified() {
        return verified;
    }

    /** The last line that a verified signature vouches for; 0 when there is none. */
    public long upTo() {
        return upTo;
    }
}
