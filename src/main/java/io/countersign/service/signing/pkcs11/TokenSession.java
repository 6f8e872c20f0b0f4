package io.countersign.service.signing.pkcs11;

import io.countersign.service.signing.KeyTroubleException;
import java.io.IOException;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/** One token, logged in; logged in again when it was away. Every call is bounded in time. */
final class TokenSession {
    /** Between two logins that fail. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int NONE = 0;

    private final TokenSettings settings;
    private final Calls calls;
    private final AtomicReference<@Nullable TokenSlots> slots = new AtomicReference<>();
    private final AtomicReference<@Nullable Opened> opened = new AtomicReference<>();
    private final AtomicReference<@Nullable String> refusedPin = new AtomicReference<>();
    private final AtomicReference<@Nullable Setback> setback = new AtomicReference<>();
    private final AtomicInteger numbers = new AtomicInteger(NONE);
    /** Held to write by whoever logs in: no other call may be under way when the library starts anew. */
    private final ReentrantReadWriteLock underWay = new ReentrantReadWriteLock();

    /** A session, numbered to tell it from the next, with the keys found so far, by alias. */
    record Opened(int number, AuthProvider provider, KeyStore keys, Map<String, PrivateKey> found) {
        /** The private key of that alias, if the token has it. */
        Optional<PrivateKey> key(String alias) throws GeneralSecurityException {
            PrivateKey known = found.get(alias);
            if (known == null && keys.getKey(alias, null) instanceof PrivateKey key) {
                found.put(alias, key);
                return Optional.of(key);
            }
            return Optional.ofNullable(known);
        }
    }

    /** A login that failed: others need not find out again at once. */
    private record Setback(String why, long until) {
        boolean lasts() {
            return System.nanoTime() - until < 0;
        }
    }

    /** Something to do with the token. */
    @FunctionalInterface
    interface Work<T> {
        T with(Opened session) throws KeyTroubleException, GeneralSecurityException, IOException;
    }

    TokenSession(TokenSettings settings) {
        this.settings = settings;
        this.calls = new Calls(settings.words(), settings.patience());
    }

    /** Does it; when that fails as it does when a token was away, once more in a new session. */
    <T> T call(Work<T> work) throws KeyTroubleException {
        return calls.call(() -> {
            Opened session = session(NONE);
            try {
                return shared(work, session);
            } catch (GeneralSecurityException | ProviderException | IllegalStateException _) {
                return shared(work, session(session.number()));
            }
        });
    }

    private <T> T shared(Work<T> work, Opened session)
            throws KeyTroubleException, GeneralSecurityException, IOException, InterruptedException {
        if (!underWay.readLock().tryLock(settings.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new KeyTroubleException(settings.words() + " is being logged in");
        }
        try {
            return work.with(session);
        } finally {
            underWay.readLock().unlock();
        }
    }

    /** The session, which must not be the failed one. */
    private Opened session(int failed) throws KeyTroubleException, InterruptedException {
        Opened now = opened.get();
        if (now != null && now.number() != failed) {
            return now;
        }
        if (!underWay.writeLock().tryLock(settings.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new KeyTroubleException(settings.words() + " has not answered an earlier call");
        }
        try {
            now = opened.get();
            if (now != null && now.number() != failed) {
                return now;
            }
            Setback before = setback.get();
            if (before != null && before.lasts()) {
                throw new KeyTroubleException(before.why());
            }
            try {
                Opened fresh = logIn(now);
                opened.set(fresh);
                return fresh;
            } catch (KeyTroubleException e) {
                setback.set(new Setback(e.why(), System.nanoTime() + PAUSE.toNanos()));
                throw e;
            }
        } finally {
            underWay.writeLock().unlock();
        }
    }

    private Opened logIn(@Nullable Opened before) throws KeyTroubleException {
        String pin = settings.pin();
        if (pin.equals(refusedPin.get())) {
            throw new KeyTroubleException(
                    "%s refused the PIN, which is not tried again, for that would lock it: correct %s"
                            .formatted(settings.words(), settings.pinFile()));
        }
        opened.set(null);
        logOut(before);
        TokenSlots known = slots.get();
        if (known == null) {
            known = new TokenSlots(settings);
            slots.set(known);
            return logIn(known, pin);
        }
        try {
            return logIn(known, pin);
        } catch (KeyTroubleException e) {
            if (pin.equals(refusedPin.get())) {
                throw e;
            }
            // Some libraries see a token that came back only when they begin anew.
            known.startAnew();
            return logIn(known, pin);
        }
    }

    private Opened logIn(TokenSlots known, String pin) throws KeyTroubleException {
        String library = settings.library().toString();
        if (!library.chars().allMatch(character -> character > ' ' && "\"#{}()=,;".indexOf(character) < 0)) {
            throw new KeyTroubleException(
                    "the path of the PKCS#11 library, %s, has a character that Java's configuration of it cannot hold: use a link"
                            .formatted(library));
        }
        Provider plain = Security.getProvider("SunPKCS11");
        if (plain == null) {
            throw new KeyTroubleException(
                    "this Java has no PKCS#11 provider: use a JDK with the module jdk.crypto.cryptoki");
        }
        try {
            if (!(plain.configure(configuration(library, known.index())) instanceof AuthProvider provider)) {
                throw new KeyTroubleException("this Java's PKCS#11 provider knows no login");
            }
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin.toCharArray());
            refusedPin.set(null);
            return new Opened(numbers.incrementAndGet(), provider, keys, new ConcurrentHashMap<>());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            String answer = Pkcs11Answer.of(e);
            if (Pkcs11Answer.isAboutPin(answer)) {
                refusedPin.set(pin);
                throw new KeyTroubleException(
                        "%s refuses the PIN in %s (%s)".formatted(settings.words(), settings.pinFile(), answer), e);
            }
            throw new KeyTroubleException("%s cannot be opened (%s)".formatted(settings.words(), answer), e);
        }
    }

    /** CKA_SENSITIVE and not CKA_EXTRACTABLE: what is made in the token stays there. */
    private static String configuration(String library, int slot) {
        return """
            --name = countersign
            library = %s
            slotListIndex = %d
            destroyTokenAfterLogout = true
            attributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {
              CKA_PRIVATE = true
              CKA_SENSITIVE = true
              CKA_EXTRACTABLE = false
              CKA_SIGN = true
            }
            attributes(generate, CKO_PUBLIC_KEY, CKK_EC) = {
              CKA_VERIFY = true
            }
            """.formatted(library, slot);
    }

    private static void logOut(@Nullable Opened before) {
        if (before != null) {
            try {
                before.provider().logout();
            } catch (LoginException | RuntimeException _) {
                // It is given up because it does not work any more.
            }
        }
    }
}
