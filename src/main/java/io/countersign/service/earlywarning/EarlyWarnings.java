package io.countersign.service.earlywarning;

import io.countersign.service.appraisal.Bystander;
import io.countersign.service.collateral.EarlyChannel;
import io.countersign.trial.Coming;
import io.countersign.trial.Forecast;
import io.countersign.trial.Forecast.Reason;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Outlook;
import io.countersign.trial.Platform;
import io.countersign.trial.Sighting;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelPublication;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Remembers platforms that got a token, and from time to time judges them by what is to come. Anybody may send evidence, but only
 * genuine platforms that a policy accepts are ever remembered.
 */
public final class EarlyWarnings implements Bystander, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EarlyWarnings.class);
    private static final int DIGITS = 16;

    /**
     * What it works with.
     *
     * @param policies the loaded policies, by id
     * @param followers by the id of a policy, the id of the one that is to follow it
     * @param reading says what bytes of Intel's are, at an instant
     */
    public record Means(
            Function<String, Optional<AppraisalPolicy>> policies,
            Map<String, String> followers,
            EarlyChannel channel,
            BiFunction<io.countersign.verifier.bytes.Bytes, Instant, IntelPublication> reading,
            InstantSource clock) {
        public Means {
            followers = Map.copyOf(followers);
        }
    }

    private final Means means;
    private final SeenPlatforms seen;
    private final EarlyWarningObserver observer;
    private final RoundLog log = new RoundLog();

    /** The numbers that the early channel had: it does not go back. Used by one round at a time. */
    private final Map<IntelEndorsementRef, IntelPublication.Statement> newest = new HashMap<>();

    public EarlyWarnings(Means means, EarlyWarningBounds bounds, EarlyWarningObserver observer) {
        this.means = means;
        this.seen = new SeenPlatforms(bounds.platforms(), bounds.maxBytes(), bounds.forgetAfter());
        this.observer = observer;
    }

    /** Only keeps what is there already: a digest of a few claims and an entry in a map. */
    @Override
    public void judged(Judged judged) {
        AttestationResult result = judged.result();
        if (judged.occasion() != Occasion.ATTESTATION || !result.favourable()) {
            return;
        }
        Map<String, Authentication> byLabel =
                result.submodules().stream().collect(Collectors.toMap(Appraisal::label, Appraisal::authentication));
        // Without what was worked out for the request, which ends with it.
        Endorsements inHand = Endorsements.brought(judged.inHand().brought())
                .with(judged.inHand().gathered());
        seen.remember(new SeenPlatforms.Entry(
                Platform.of(judged.evidence(), byLabel),
                judged.policy().identity().id(),
                new Sighting(judged.evidence(), inHand, result.binding(), result.evaluatedAt()),
                result.evidenceDigest(),
                judged.size() + SeenPlatforms.OF_EACH));
        observer.remembered(seen.size(), seen.drivenOut());
    }

    /** Judges all of them once. Meant for a thread that nobody waits for. */
    public synchronized void look() {
        Instant now = means.clock().instant();
        List<SeenPlatforms.Entry> entries =
                seen.lately(now, policy -> means.policies().apply(policy).isPresent());
        observer.remembered(seen.size(), seen.drivenOut());
        Coming coming = ask(entries, now);
        var judged = new ArrayList<Round.Judged>();
        for (SeenPlatforms.Entry entry : entries) {
            try {
                forecast(entry, coming, now).ifPresent(judged::add);
            } catch (RuntimeException e) {
                // Ours to repair, and no reason to leave the others without warning.
                LOG.errorf(
                        e,
                        "early warning: platform %s could not be judged",
                        entry.platform().shortKey());
                judged.add(judged(entry, unknown("judging it ended in an error of this program")));
            }
        }
        var round = new Round(now, judged, early(coming), inForce(entries));
        observer.looked(round.summary());
        log.say(round);
    }

    private Optional<Round.Judged> forecast(SeenPlatforms.Entry entry, Coming coming, Instant now) {
        Optional<AppraisalPolicy> policy = means.policies().apply(entry.policy());
        Optional<String> follower = Optional.ofNullable(means.followers().get(entry.policy()));
        Optional<AppraisalPolicy> following = follower.flatMap(means.policies());
        if (follower.isPresent() && following.isEmpty()) {
            return Optional.of(judged(
                    entry,
                    unknown("the policy \"%s\", which countersign.early-warning.policy.%s names, is not loaded"
                            .formatted(follower.get(), entry.policy()))));
        }
        return policy.map(
                known -> judged(entry, forecast(Outlook.of(entry.sighting(), known), following, coming, now)));
    }

    /** While the channel does not answer, what it said last still refuses, but nothing that it said last reassures. */
    private Forecast forecast(Outlook outlook, Optional<AppraisalPolicy> following, Coming coming, Instant now) {
        Forecast forecast = outlook.forecast(following, coming, now);
        if (forecast.standing() != Standing.UNDETERMINED) {
            return forecast;
        }
        var known = new HashMap<>(coming.statements());
        newest.forEach((ref, statement) -> {
            if (now.isBefore(statement.nextUpdate())) {
                known.putIfAbsent(ref, statement);
            }
        });
        Forecast last = outlook.forecast(following, new Coming(known, coming.troubles()), now);
        return last.standing() == Standing.REFUSED ? last : forecast;
    }

    private static Forecast unknown(String why) {
        return new Forecast(Standing.UNDETERMINED, List.of(new Reason(why, why)), Optional.empty());
    }

    private static Round.Judged judged(SeenPlatforms.Entry entry, Forecast forecast) {
        return new Round.Judged(
                entry.platform(),
                entry.policy(),
                entry.sighting().at(),
                entry.evidence().toString().substring(0, DIGITS),
                forecast);
    }

    /** One question for each kind and family that was seen. */
    private Coming ask(List<SeenPlatforms.Entry> entries, Instant now) {
        var wanted = new LinkedHashSet<IntelEndorsementRef>();
        entries.forEach(entry -> wanted.addAll(entry.platform().inForce().keySet()));
        newest.keySet().retainAll(wanted);
        var statements = new LinkedHashMap<IntelEndorsementRef, IntelPublication.Statement>();
        var troubles = new LinkedHashMap<IntelEndorsementRef, String>();
        for (IntelEndorsementRef ref : wanted) {
            switch (means.channel().ask(ref)) {
                case EarlyChannel.Answer.Nothing(String why) -> troubles.put(ref, why);
                case EarlyChannel.Answer.Received(var content) -> {
                    switch (means.reading().apply(content, now)) {
                        case IntelPublication.Refused(String why) -> troubles.put(ref, "what came is not used: " + why);
                        case IntelPublication.Statement statement -> take(ref, statement, statements, troubles);
                    }
                }
            }
        }
        return new Coming(statements, troubles);
    }

    private void take(
            IntelEndorsementRef ref,
            IntelPublication.Statement statement,
            Map<IntelEndorsementRef, IntelPublication.Statement> statements,
            Map<IntelEndorsementRef, String> troubles) {
        IntelPublication.Statement before = newest.get(ref);
        if (!statement.ref().equals(ref)) {
            troubles.put(ref, "what came is " + statement.ref().description());
        } else if (before != null && statement.evaluationDataNumber() < before.evaluationDataNumber()) {
            troubles.put(
                    ref,
                    "the channel gave out TCB evaluation data number %d before and now %d: somebody may be replaying old ones"
                            .formatted(before.evaluationDataNumber(), statement.evaluationDataNumber()));
        } else {
            newest.put(ref, statement);
            statements.put(ref, statement);
        }
    }

    private static Map<String, Long> early(Coming coming) {
        var numbers = new HashMap<String, Long>();
        coming.statements().forEach((ref, statement) -> {
            if (ref instanceof IntelEndorsementRef.TcbInfo(var tee, var _)) {
                numbers.merge(tee.word(), (long) statement.evaluationDataNumber(), Math::max);
            }
        });
        return numbers;
    }

    private static Map<String, Long> inForce(List<SeenPlatforms.Entry> entries) {
        var numbers = new HashMap<String, Long>();
        entries.forEach(entry -> entry.platform().inForce().forEach((ref, number) -> {
            if (ref instanceof IntelEndorsementRef.TcbInfo(var tee, var _)) {
                numbers.merge(tee.word(), number, Math::max);
            }
        }));
        return numbers;
    }

    /** Connections end; what is remembered ends with this object. */
    @Override
    public void close() {
        means.channel().close();
    }
}
