package io.countersign.service.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.signing.Standing.State;
import io.countersign.verifier.token.TokenSigner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** The keys of the running service: signs with the one whose turn it is, and follows the ring in its folder. */
public final class SigningRing implements TokenSigner {
    private static final Logger LOG = Logger.getLogger("io.countersign");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final KeyFolder folder;
    private final KeyVaults vaults;
    private final InstantSource clock;
    private final SigningObserver observer;
    private final AtomicReference<Loaded> loaded;
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> refusal = new AtomicReference<>(Optional.empty());
    private final StateLog states = new StateLog();

    /**
     * What is in use.
     *
     * @param text the ring as it was read; empty for a ring of one without a file
     * @param seals the private keys that could be made ready, by kid
     */
    private record Loaded(Optional<String> text, KeyRing ring, Map<String, Seal> seals) {}

    /** How ready signing is. */
    public sealed interface Readiness {
        /** The active key just signed a word, and it was verified. */
        record Usable(RingKey key) implements Readiness {}

        record Unusable(String why) implements Readiness {}
    }

    /** Loads the ring, or says why not; whatever is wrong with a key that signs or will sign stops the start. */
    public SigningRing(KeyFolder folder, KeyVaults vaults, KeyRing first, InstantSource clock, SigningObserver observer)
            throws KeyTroubleException {
        this.folder = folder;
        this.vaults = vaults;
        this.clock = clock;
        this.observer = observer;
        Optional<String> text = folder.ringText();
        KeyRing ring = text.isPresent() ? folder.parse(text.get()) : first;
        Instant now = clock.instant();
        var opened = new Opening(now, ring, Map.of());
        if (opened.missing.isPresent()) {
            throw new KeyTroubleException(opened.missing.get());
        }
        this.loaded = new AtomicReference<>(new Loaded(text, ring, opened.seals));
        states.say(ring.at(now));
    }

    /** The private keys of a ring, made ready; those that are ready already stay as they are. */
    private final class Opening {
        private final Map<String, Seal> seals = new LinkedHashMap<>();
        private Optional<String> missing = Optional.empty();

        Opening(Instant now, KeyRing ring, Map<String, Seal> ready) {
            for (Standing each : ring.at(now)) {
                String kid = each.key().kid();
                Seal known = ready.get(kid);
                if (!each.published()) {
                    continue;
                }
                if (known != null) {
                    seals.put(kid, known);
                    continue;
                }
                try {
                    seals.put(kid, vaults.of(each.key()).open(each.key()));
                } catch (KeyTroubleException e) {
                    // A retiring key signs again only if the clock goes back.
                    if (each.state() != State.RETIRING) {
                        missing = missing.or(() -> Optional.of(e.why()));
                    }
                }
            }
        }
    }

    /** Reads the folder. What cannot be read, or not be used, changes nothing, but that withdrawn keys are withdrawn. One at a time. */
    public synchronized void poll() {
        Instant now = clock.instant();
        try {
            follow(now);
            observer.read();
            setTrouble(Optional.empty());
        } catch (KeyTroubleException e) {
            observer.unreadable();
            setTrouble(Optional.of(e.why()));
        }
        states.say(loaded.get().ring().at(now));
    }

    private void follow(Instant now) throws KeyTroubleException {
        Loaded before = loaded.get();
        Optional<String> text = folder.ringText();
        if (text.isEmpty() && before.text().isPresent()) {
            throw new KeyTroubleException(
                    "the key ring %s is not there any more; restore it from a backup".formatted(folder.ringFile()));
        }
        KeyRing ring = text.isEmpty() || text.equals(before.text()) ? before.ring() : folder.parse(text.get());
        var opened = new Opening(now, ring, before.seals());
        boolean same = ring.equals(before.ring());
        if (opened.missing.isEmpty() || same || withdrawsMore(before.ring(), ring)) {
            loaded.set(new Loaded(same ? before.text() : text, ring, Map.copyOf(opened.seals)));
        }
        if (opened.missing.isPresent()) {
            throw new KeyTroubleException(opened.missing.get());
        }
    }

    /** A withdrawal counts even when the key that shall take over cannot be used: then nothing is signed. */
    private static boolean withdrawsMore(KeyRing before, KeyRing after) {
        return before.keys().stream().filter(key -> key.withdrawnAt().isEmpty()).anyMatch(key -> after.keys().stream()
                .noneMatch(same ->
                        same.kid().equals(key.kid()) && same.withdrawnAt().isEmpty()));
    }

    private void setTrouble(Optional<String> now) {
        Optional<String> before = trouble.getAndSet(now);
        if (!before.equals(now)) {
            now.ifPresentOrElse(
                    why -> LOG.errorf("signing keys: %s. What was loaded before stays in use.", why),
                    () -> LOG.info("signing keys: the folder can be read again"));
        }
    }

    @Override
    public String sign(String typ, Map<String, Object> claims) {
        Loaded current = loaded.get();
        try {
            RingKey key = current.ring()
                    .active(clock.instant())
                    .orElseThrow(() -> new KeyTroubleException(
                            "every signing key was withdrawn; \"countersign keys rotate\" makes a new one"));
            String compact = signed(current, key, typ, json(claims));
            setRefusal(Optional.empty());
            return compact;
        } catch (KeyTroubleException e) {
            observer.failed();
            setRefusal(Optional.of(e.why()));
            throw new CountersignException(Problem.of(
                            ProblemCode.SIGNING_UNAVAILABLE,
                            "The signing key cannot be used.",
                            "Try again after the time in Retry-After; the challenge was not spent. The operator's log says why.")
                    .retryAfter(RETRY_AFTER));
        }
    }

    /** Said once, however many ask for tokens meanwhile. */
    private void setRefusal(Optional<String> now) {
        Optional<String> before = refusal.getAndSet(now);
        if (!before.equals(now)) {
            now.ifPresentOrElse(
                    why -> LOG.errorf("no token can be signed: %s", why), () -> LOG.info("tokens can be signed again"));
        }
    }

    private static String signed(Loaded loaded, RingKey key, String typ, String json) throws KeyTroubleException {
        Seal seal = loaded.seals().get(key.kid());
        if (seal == null) {
            throw new KeyTroubleException("the private half of the signing key %s is not at hand".formatted(key.kid()));
        }
        var header = new JWSHeader.Builder(key.algorithm().jws())
                .keyID(key.kid())
                .type(new JOSEObjectType(typ))
                .build();
        var token = new JWSObject(header, new Payload(json));
        seal.sign(token);
        return token.serialize();
    }

    /** Written here, so that claims stand in the order in which people read them. */
    private static String json(Map<String, Object> claims) {
        try {
            return MAPPER.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims of plain values are always JSON", e);
        }
    }

    /** Signs a word with the active key and verifies it. */
    public Readiness readiness() {
        Loaded current = loaded.get();
        Optional<RingKey> active = current.ring().active(clock.instant());
        if (active.isEmpty()) {
            return new Readiness.Unusable("every key was withdrawn");
        }
        try {
            JWSObject probe = JWSObject.parse(signed(current, active.get(), "JWT", "\"usable\""));
            if (probe.verify(new ECDSAVerifier(active.get().publicJwk()))) {
                setRefusal(Optional.empty());
                return new Readiness.Usable(active.get());
            }
            return new Readiness.Unusable("what the signing key signs cannot be verified with its public half");
        } catch (KeyTroubleException e) {
            setRefusal(Optional.of(e.why()));
            return new Readiness.Unusable(e.why());
        } catch (JOSEException | java.text.ParseException e) {
            return new Readiness.Unusable("the signing key cannot be tried: " + e.getMessage());
        }
    }

    /** How every key stands now. */
    public List<Standing> standings() {
        return loaded.get().ring().at(clock.instant());
    }

    /** What relying parties find now. */
    public List<RingKey> published() {
        return loaded.get().ring().published(clock.instant());
    }

    /** The ring in use. */
    public KeyRing ring() {
        return loaded.get().ring();
    }

    /** Why the folder cannot be read to the end now. */
    public Optional<String> trouble() {
        return trouble.get();
    }
}
