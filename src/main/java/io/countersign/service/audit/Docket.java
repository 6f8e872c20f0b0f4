package io.countersign.service.audit;

import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.PolicyIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What becomes known of one request on its way, and in the end its line. Belongs to one thread, which finds it with
 * {@link #current}; outside of {@link Decisions} there is none, and what is put into it goes nowhere.
 */
public final class Docket {
    static final ScopedValue<Docket> CURRENT = ScopedValue.newInstance();

    private static final Docket NOWHERE = new Docket(
            Optional.empty(),
            Kind.ATTESTATION,
            new Asked("", Optional.empty(), Optional.empty()),
            InstantSource.system());

    /** Measures the verbs of whichever request a thread is at. */
    public static final Verbs TIMES = verb -> current().begin(verb);

    private static final int LONGEST = 300;
    private static final int MICRO = 1000;

    private final Optional<AuditTrail> trail;
    private final Asked asked;
    private final InstantSource clock;
    private final long began = System.nanoTime();
    private final Map<String, Object> known = new LinkedHashMap<>();
    private final Map<Verb, Long> nanos = new EnumMap<>(Verb.class);
    private final Map<Verb, Long> open = new EnumMap<>(Verb.class);
    private Kind kind;
    private Optional<String> token = Optional.empty();
    private Optional<String> committed = Optional.empty();
    private boolean tookBack;

    private Docket(Optional<AuditTrail> trail, Kind kind, Asked asked, InstantSource clock) {
        this.trail = trail;
        this.kind = kind;
        this.asked = asked;
        this.clock = clock;
    }

    static Docket kept(AuditTrail trail, Kind kind, Asked asked, InstantSource clock) {
        return new Docket(Optional.of(trail), kind, asked, clock);
    }

    /** That of the request which this thread is at. */
    public static Docket current() {
        return CURRENT.isBound() ? CURRENT.get() : NOWHERE;
    }

    /** Whether there will be a line. */
    public boolean isKept() {
        return trail.isPresent();
    }

    private Docket put(String member, Supplier<Object> value) {
        if (isKept()) {
            known.put(member, value.get());
        }
        return this;
    }

    /** What the request names; whoever asks may write anything there. */
    public Docket asksFor(Optional<String> audience, Optional<String> policy) {
        audience.ifPresent(text -> put("audience", () -> bounded(text)));
        policy.ifPresent(text -> put("policy", () -> Map.of("id", bounded(text))));
        return this;
    }

    /** Which policy judges. */
    public Docket policy(PolicyIdentity policy) {
        return put("policy", () -> {
            var members = new LinkedHashMap<String, Object>();
            members.put("id", policy.id());
            members.put("version", policy.version());
            members.put("digest", policy.digestText());
            return members;
        });
    }

    /** A policy known by a token only. */
    public Docket policy(String id, String digest) {
        return put("policy", () -> {
            var members = new LinkedHashMap<String, Object>();
            members.put("id", bounded(id));
            members.put("digest", bounded(digest));
            return members;
        });
    }

    /** The policy came with the request. */
    public Docket draft() {
        return put("draft", () -> true);
    }

    /** The request names the moment as of which it is judged. */
    public Docket asOf(Instant at) {
        return put("as_of", at::toString);
    }

    /** The digest alone: it finds the line of a token, whose {@code eat_nonce} it is of, and tells nothing else. */
    public Docket nonce(Bytes nonce) {
        return nonce.length() == 0 ? this : put("nonce_digest", () -> "sha256:" + nonce.sha256());
    }

    /** Whose nonce it was. */
    public Docket freshness(String word) {
        return put("freshness", () -> word);
    }

    /** The verdict; the digest is of the result as whoever asks gets it. */
    public Docket judged(AttestationResult result, Supplier<Bytes> resultDigest) {
        put("evidence_digest", () -> "sha256:" + result.evidenceDigest());
        if (isKept()) {
            VerdictMembers.of(result).forEach((member, value) -> put(member, () -> value));
        }
        return put("result_digest", () -> "sha256:" + resultDigest.get());
    }

    /** The token that is about to be handed out, given again, or asked about. */
    public Docket token(String id, Optional<String> keyId, Instant until) {
        return put("token", () -> {
            token = Optional.of(id);
            var members = new LinkedHashMap<String, Object>();
            members.put("jti", bounded(id));
            keyId.ifPresent(kid -> members.put("kid", kid));
            members.put("exp", until.toString());
            return members;
        });
    }

    /** What introspection found. */
    public Docket use(String intent, String answer) {
        put("intent", () -> intent);
        return put("answer", () -> answer);
    }

    /** This request is answered with the answer that it had before. */
    public Docket repeats() {
        if (isKept()) {
            kind = Kind.REPEAT;
            tookBack = true;
        }
        return this;
    }

    /** The step that {@link #commit} came before was not taken. */
    public void takeBack() {
        if (isKept()) {
            tookBack = true;
        }
    }

    /**
     * Writes the line before the step that cannot be taken back. Should that step not succeed, a second line will say so. Throws
     * a {@code CountersignException} when it cannot be written.
     */
    public void commit() {
        if (isKept()) {
            write("ok", Optional.empty());
            committed = token;
        }
    }

    /** Writes how it ended, unless that stands there already. */
    void end(String outcome) {
        boolean fine = outcome.equals("ok");
        if (committed.isPresent() && fine && !tookBack) {
            return;
        }
        if (committed.isPresent() && !fine) {
            known.remove("token");
            known.remove("answer");
        }
        write(outcome, committed);
    }

    private void write(String outcome, Optional<String> withheld) {
        if (trail.isEmpty()) {
            return;
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("request", asked.request());
        members.put("caller", asked.caller().map(Docket::bounded).orElse(""));
        asked.address().ifPresent(address -> members.put("address", address));
        for (String member : LineMembers.OF_A_DECISION) {
            Optional.ofNullable(known.get(member)).ifPresent(value -> members.put(member, value));
        }
        members.put("outcome", outcome);
        Optional.ofNullable(known.get("token")).ifPresent(value -> members.put("token", value));
        withheld.ifPresent(id -> members.put("withheld", id));
        members.put("micros", micros());
        trail.get().write(new Entry(clock.instant(), kind, members));
    }

    private Map<String, Object> micros() {
        long now = System.nanoTime();
        var micros = new LinkedHashMap<String, Object>();
        for (Verb verb : Verb.values()) {
            long done = nanos.getOrDefault(verb, 0L);
            long running = open.containsKey(verb) ? now - open.get(verb) : 0;
            if (done + running > 0) {
                micros.put(verb.word(), (done + running) / MICRO);
            }
        }
        micros.put("total", (now - began) / MICRO);
        return micros;
    }

    private Verbs.Step begin(Verb verb) {
        if (!isKept()) {
            return () -> {};
        }
        long start = System.nanoTime();
        open.put(verb, start);
        return () -> {
            open.remove(verb);
            nanos.merge(verb, System.nanoTime() - start, Long::sum);
        };
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
