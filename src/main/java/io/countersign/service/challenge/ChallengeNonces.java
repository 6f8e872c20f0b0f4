package io.countersign.service.challenge;

import io.countersign.verifier.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and recognises challenge nonces without remembering them: 32 bytes of magic (3), expiry in Unix seconds (5), random
 * (8) and a truncated HMAC-SHA-256 (16) over these, the audience and the policy.
 */
public final class ChallengeNonces {
    /** Whatever begins so is a challenge and nothing else. */
    public static final Bytes MAGIC = Bytes.fromHex("435301");

    private static final int LENGTH = 32;
    private static final int MAC_AT = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKey macKey;
    private final SecureRandom random;

    /** What a nonce turned out to be. */
    public sealed interface Recognition {
        /** Made here for this audience and policy, and still good. */
        record Ours(Instant expiresAt) implements Recognition {}

        /** Made here, and over. */
        record Expired(Instant expiredAt) implements Recognition {}

        /** Begins like a challenge, but was not made with this key for this audience and policy. */
        record Unknown() implements Recognition {}

        /** Not a challenge at all: somebody else's nonce. */
        record NotAChallenge() implements Recognition {}
    }

    /** Takes the MAC key; with a key of its own, a restart voids every open challenge. */
    public ChallengeNonces(Bytes macKey, SecureRandom random) {
        this.macKey = new SecretKeySpec(macKey.toByteArray(), ALGORITHM);
        this.random = random;
    }

    /** Makes a nonce; an empty audience or policy leaves it open which one it will be used for. */
    public Bytes issue(Instant now, Duration lifetime, String audience, String policy) {
        long expiry = now.plus(lifetime).getEpochSecond();
        byte[] entropy = new byte[8];
        random.nextBytes(entropy);
        Bytes head = Bytes.concat(MAGIC, fiveBytes(expiry), Bytes.copyOf(entropy));
        return Bytes.concat(head, mac(head, audience, policy));
    }

    public Recognition recognise(Bytes nonce, Instant now, String audience, String policy) {
        if (!nonce.startsWith(MAGIC)) {
            return new Recognition.NotAChallenge();
        }
        if (nonce.length() != LENGTH || !made(nonce, audience, policy)) {
            return new Recognition.Unknown();
        }
        Instant expiry = expiry(nonce);
        return now.isBefore(expiry) ? new Recognition.Ours(expiry) : new Recognition.Expired(expiry);
    }

    /** A challenge made for no audience, or for no policy, fits every one. */
    private boolean made(Bytes nonce, String audience, String policy) {
        Bytes head = nonce.slice(0, MAC_AT);
        Bytes mac = nonce.slice(MAC_AT, LENGTH);
        return List.of(List.of(audience, policy), List.of(audience, ""), List.of("", policy), List.of("", "")).stream()
                .anyMatch(scope -> mac(head, scope.get(0), scope.get(1)).equals(mac));
    }

    private static Instant expiry(Bytes nonce) {
        long seconds = 0;
        for (int i = MAGIC.length(); i < MAGIC.length() + 5; i++) {
            seconds = seconds << 8 | nonce.u8(i);
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static Bytes fiveBytes(long value) {
        byte[] bytes = new byte[5];
        for (int i = 0; i < 5; i++) {
            bytes[i] = (byte) (value >> 8 * (4 - i));
        }
        return Bytes.copyOf(bytes);
    }

    private Bytes mac(Bytes head, String audience, String policy) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(macKey);
            mac.update(head.toByteArray());
            for (String part : List.of(audience, policy)) {
                byte[] text = Bytes.utf8(part).toByteArray();
                mac.update((byte) (text.length >> 8));
                mac.update((byte) text.length);
                mac.update(text);
            }
            return Bytes.copyOf(mac.doFinal()).slice(0, LENGTH - MAC_AT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
