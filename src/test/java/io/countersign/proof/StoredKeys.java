package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.verifier.bytes.Bytes;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What replicas leave in Redis: docs/replicas.md names all of it. */
final class StoredKeys {
    private static final String EPOCH = "countersign:epoch";
    private static final Pattern THAT_END = Pattern.compile("countersign:(challenge|token|answer):[A-Za-z0-9_-]{43}");

    /** Lifetime of a challenge or a token, a minute past its end, and some for rounding. */
    private static final long LONGEST_MILLIS = 365_000;

    private StoredKeys() {}

    /** After a challenge was spent, its answer kept and its token consumed. */
    static void assertNothingButWhatTheDesignNames(RedisProcess redis, String nonce, String token, SoftwareAmd amd)
            throws ParseException {
        List<String> keys = redis.command("EVAL", "return table.concat(redis.call('KEYS', '*'), '\\n')", "0")
                .lines()
                .toList();
        Set<String> kinds = keys.stream()
                .map(key -> Pattern.compile(":").splitAsStream(key).toList().get(1))
                .collect(Collectors.toSet());
        assertEquals(Set.of("epoch", "challenge", "token", "answer"), kinds, keys.toString());
        String tokenId = SignedJWT.parse(token).getJWTClaimsSet().getJWTID();
        List<Bytes> secrets = List.of(
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.utf8(nonce),
                Bytes.utf8(token.substring(token.indexOf('.') + 1, token.indexOf('.') + 40)),
                Bytes.copyOf(Base64.getUrlDecoder().decode(tokenId)),
                Bytes.utf8(tokenId),
                amd.chipId(),
                Bytes.utf8(amd.chipId().toString()),
                amd.measurement(),
                Bytes.utf8(amd.measurement().toString()));
        for (String key : keys) {
            if (!key.equals(EPOCH)) {
                assertTrue(THAT_END.matcher(key).matches(), key);
                long left = Long.parseLong(redis.command("PTTL", key));
                assertTrue(left > 0 && left <= LONGEST_MILLIS, "%s ends in %d ms".formatted(key, left));
            }
            String held = Bytes.utf8(key) + valueInHex(redis, key);
            for (Bytes secret : secrets) {
                assertFalse(held.contains(secret.toString()), () -> "%s holds %s".formatted(key, secret));
            }
        }
    }

    private static String valueInHex(RedisProcess redis, String key) {
        String script = "return (string.gsub(redis.call('GET', KEYS[1]), '.', "
                + "function(c) return string.format('%02x', string.byte(c)) end))";
        return redis.command("EVAL", script, "1", key);
    }
}
