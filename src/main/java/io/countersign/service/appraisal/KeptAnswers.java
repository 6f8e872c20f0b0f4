package io.countersign.service.appraisal;

import io.countersign.service.api.request.IdempotencyKey;
import io.countersign.service.caller.Caller;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Answers kept for requests that are sent again. Only who knows a request's idempotency key and its body can read its
 * answer: whoever reads the store reads no tokens.
 */
public final class KeptAnswers {
    private static final Bytes NAME = Bytes.utf8("countersign/v1/idempotency/name");
    private static final Bytes SECRET = Bytes.utf8("countersign/v1/idempotency/key");
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final OnceStore store;
    private final SecureRandom random;

    /** One request; the same one is the same key, body and caller. */
    public record Question(IdempotencyKey key, Bytes bodySha256, Caller caller) {
        private Bytes hash(Bytes label, Epoch epoch) {
            String name =
                    switch (caller) {
                        case Caller.Anonymous _ -> "";
                        case Caller.Known known -> known.name();
                    };
            return Bytes.concat(
                            label,
                            Binding.lp(Bytes.utf8(key.text())),
                            Binding.lp(bodySha256),
                            Binding.lp(Bytes.utf8(name)),
                            Binding.lp(epoch.tag()))
                    .sha256();
        }
    }

    public KeptAnswers(OnceStore store, SecureRandom random) {
        this.store = store;
        this.random = random;
    }

    /** What was answered under the store's epoch of now, if it is still kept. */
    public Optional<Bytes> recall(Question question, Instant now) {
        Epoch epoch = store.epoch();
        Bytes name = question.hash(NAME, epoch);
        return store.recall(name, now)
                .flatMap(content -> opened(question.hash(SECRET, epoch), name, content))
                .filter(_ -> stillLasts(epoch, name));
    }

    /** A replica may be late to notice that an epoch is over, but a question about it is always answered by the present one. */
    private boolean stillLasts(Epoch epoch, Bytes name) {
        return store.look(Kind.TOKEN, name, epoch) != Spending.FORGOTTEN;
    }

    /** Keeps an answer until the token in it ends; what cannot be kept is not. */
    public void keep(Question question, Bytes answer, Epoch madeUnder, Instant until, Instant now) {
        Bytes name = question.hash(NAME, madeUnder);
        store.remember(name, closed(question.hash(SECRET, madeUnder), name, answer), until, now);
    }

    private Bytes closed(Bytes secret, Bytes name, Bytes answer) {
        byte[] iv = new byte[IV_LENGTH];
        random.nextBytes(iv);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, secret, iv, name);
            return Bytes.concat(Bytes.copyOf(iv), Bytes.copyOf(cipher.doFinal(answer.toByteArray())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    /** What does not open was not put there by this service, and is as good as absent. */
    private static Optional<Bytes> opened(Bytes secret, Bytes name, Bytes content) {
        if (content.length() < IV_LENGTH + TAG_BITS / 8) {
            return Optional.empty();
        }
        try {
            byte[] iv = content.slice(0, IV_LENGTH).toByteArray();
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, secret, iv, name);
            return Optional.of(Bytes.copyOf(
                    cipher.doFinal(content.slice(IV_LENGTH, content.length()).toByteArray())));
        } catch (AEADBadTagException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    private static Cipher cipher(int mode, Bytes secret, byte[] iv, Bytes name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(secret.toByteArray(), "AES"), new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(name.toByteArray());
        return cipher;
    }
}
