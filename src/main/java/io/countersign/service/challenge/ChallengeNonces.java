package io.countersign.service.challenge;

import io.countersign.service.store.Epoch;
import io.countersign.service.store.OnceStore;
import io.countersign.verifier.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and recognises challenge nonces without remembering them: 32 bytes of magic (3), expiry in Unix seconds (5), random
 * (8) and a truncated HMAC-SHA-256 (16) over these, the audience and the policy. The key of that comes from a secret and the
 * store's epoch, so that a challenge of another epoch is one that was not made here.
 */
public final class ChallengeNonces {
    /** Whatever begins so is a challenge and nothing else. */
    public static final Bytes MAGIC = Bytes.fromHex("435301");

    private static final int LENGTH = 32;
    private static final int MAC_AT = 16;
    private static final String ALGORITHM = "HmacSHA256";
    private static final Bytes LABEL = Bytes.utf8("countersign/challenge");

    private final SecretKey secret;
    private final OnceStore store;
    private final SecureRandom random;
    /** The key of the epoch that was asked for last. */
    private final AtomicReference<@Nullable MacKey> latest = new AtomicReference<>();

    private record MacKey(Epoch epoch, SecretKey key) {}

    /** What a nonce turned out to be. */
    public sealed interface Recognition {
        /** Made in this epoch for this audience and policy, and still good. */
        record Ours(Instant expiresAt) implements Recognition {}

        /** Made in this epoch, and over. */
        record Expired(Instant expiredAt) implements Recognition {}

        /** Begins like a challenge, but was not made with this secret and in this epoch for this audience and policy. */
        record Unknown() implements Recognition {}

        /** Not a challenge at all: somebody else's nonce. */
        record NotAChallenge() implements Recognition {}
    }

    /** Takes what all replicas share that shall accept each other's challenges: the secret and the store. */
    public ChallengeNonces(Bytes secret, OnceStore store, SecureRandom random) {
        this.secret = new SecretKeySpec(secret.toByteArray(), ALGORITHM);
        this.store = store;
        this.random = random;
    }

    /**
     * Makes a nonce; an empty audience or policy leaves it open which one it will be used for. Asks no other machine, and
     * throws a {@code CountersignException} with {@code store-unavailable} when the epoch is not known.
     */
    public Bytes issue(Instant now, Duration lifetime, String audience, String policy) {
        long expiry = now.plus(lifetime).getEpochSecond();
        byte[] entropy = new byte[8];
        random.nextBytes(entropy);
        Bytes head = Bytes.concat(MAGIC, fiveBytes(expiry), Bytes.copyOf(entropy));
        return Bytes.concat(head, mac(macKey(store.epoch()), head, audience, policy));
    }

    /** What a nonce is in that epoch. */
    public Recognition recognise(Bytes nonce, Epoch epoch, Instant now, String audience, String policy) {
        if (!nonce.startsWith(MAGIC)) {
            return new Recognition.NotAChallenge();
        }
        if (nonce.length() != LENGTH || !made(nonce, macKey(epoch), audience, policy)) {
            return new Recognition.Unknown();
        }
        Instant expiry = expiry(nonce);
        return now.isBefore(expiry) ? new Recognition.Ours(expiry) : new Recognition.Expired(expiry);
    }

    /** A challenge made for no audience, or for no policy, fits every one. */
    private static boolean made(Bytes nonce, SecretKey key, String audience, String policy) {
        Bytes head = nonce.slice(0, MAC_AT);
        Bytes mac = nonce.slice(MAC_AT, LENGTH);
        return List.of(List.of(audience, policy), List.of(audience, ""), List.of("", policy), List.of("", "")).stream()
                .anyMatch(scope -> mac(key, head, scope.get(0), scope.get(1)).equals(mac));
    }

    /** HMAC as the function that derives keys (NIST SP 800-108, section 4.1); the label keeps other uses of the secret apart. */
    private SecretKey macKey(Epoch epoch) {
        MacKey last = latest.get();
        if (last != null && last.epoch().equals(epoch)) {
            return last.key();
        }
        byte[] derived = hmac(secret, Bytes.concat(LABEL, epoch.tag())).toByteArray();
        var made = new MacKey(epoch, new SecretKeySpec(derived, ALGORITHM));
        latest.set(made);
        return made.key();
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

    private static Bytes mac(SecretKey key, Bytes head, String audience, String policy) {
        Bytes audienceText = Bytes.utf8(audience);
        Bytes policyText = Bytes.utf8(policy);
        return hmac(
                        key,
                        Bytes.concat(
                                head,
                                twoBytes(audienceText.length()),
                                audienceText,
                                twoBytes(policyText.length()),
                                policyText))
                .slice(0, LENGTH - MAC_AT);
    }

    private static Bytes twoBytes(int value) {
        return Bytes.copyOf((byte) (value >> 8), (byte) value);
    }

    private static Bytes hmac(SecretKey key, Bytes input) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Bytes.copyOf(mac.doFinal(input.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
