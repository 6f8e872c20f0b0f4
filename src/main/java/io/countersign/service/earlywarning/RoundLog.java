package io.countersign.service.earlywarning;

import io.countersign.trial.Forecast;
import io.countersign.trial.Forecast.Reason;
import io.countersign.trial.Forecast.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Says what has changed since the look before, once. Machines that are refused for the same reasons share a line, so that a whole
 * fleet fills no screen.
 */
final class RoundLog {
    private static final Logger LOG = Logger.getLogger(EarlyWarnings.class);
    private static final int LINES = 20;
    private static final int NAMES = 5;

    /** What was said of each platform and policy; what was never wrong is not in it. */
    private final Map<SeenPlatforms.Key, String> refusals = new HashMap<>();

    private final Map<SeenPlatforms.Key, String> ends = new HashMap<>();
    private Set<String> troubles = Set.of();

    void say(Round round) {
        troubles(round);
        Set<SeenPlatforms.Key> there =
                round.judged().stream().map(RoundLog::key).collect(Collectors.toSet());
        refusals.keySet().retainAll(there);
        ends.keySet().retainAll(there);
        newly(round, refusals, RoundLog::refusal, "will be refused once what is announced counts");
        newly(round, ends, RoundLog::end, "");
        released(round);
    }

    private void troubles(Round round) {
        var now = new LinkedHashSet<>(round.summary().troubles());
        long platforms = round.summary().count(Standing.UNDETERMINED);
        if (now.isEmpty() && !troubles.isEmpty()) {
            LOG.info("early warning: what is to come is known again");
        } else if (!now.equals(troubles) && !now.isEmpty()) {
            LOG.warnf(
                    "early warning: how %d platforms will fare is unknown: %s",
                    platforms, now.stream().limit(NAMES).collect(Collectors.joining("; ")));
        }
        troubles = now;
    }

    private static Optional<String> refusal(Round.Judged judged) {
        return judged.forecast().standing() == Standing.REFUSED
                ? Optional.of(words(judged.forecast().reasons()))
                : Optional.empty();
    }

    private static Optional<String> end(Round.Judged judged) {
        return judged.forecast()
                .ending()
                .map(ending -> (ending.within().isZero()
                                ? "would be refused already"
                                : "will be refused within %d days though nothing else changes"
                                        .formatted(ending.within().toDays()))
                        + ": " + words(ending.reasons()));
    }

    private static String words(List<Reason> reasons) {
        return reasons.stream().map(Reason::discreet).collect(Collectors.joining("; "));
    }

    private static SeenPlatforms.Key key(Round.Judged judged) {
        return new SeenPlatforms.Key(judged.platform().key(), judged.policy());
    }

    /** One line for each group of platforms of which something is said that was not said before. */
    private static void newly(
            Round round,
            Map<SeenPlatforms.Key, String> said,
            Function<Round.Judged, Optional<String>> words,
            String about) {
        var groups = new LinkedHashMap<List<String>, List<Round.Judged>>();
        for (Round.Judged judged : round.judged()) {
            words.apply(judged)
                    .filter(sentence -> !sentence.equals(said.put(key(judged), sentence)))
                    .ifPresent(sentence -> groups.computeIfAbsent(
                                    List.of(judged.platform().tee(), judged.policy(), sentence), _ -> new ArrayList<>())
                            .add(judged));
        }
        groups.entrySet().stream().limit(LINES).forEach(group -> {
            List<String> of = group.getKey();
            LOG.warnf(
                    "early warning: %s %s under policy %s %s%s%s; platforms: %s",
                    group.getValue().size(),
                    of.getFirst(),
                    of.get(1),
                    about,
                    about.isEmpty() ? "" : ": ",
                    of.getLast(),
                    names(group.getValue()));
        });
        if (groups.size() > LINES) {
            LOG.warnf("early warning: and %d groups more; the command early-warning lists all", groups.size() - LINES);
        }
    }

    private static String names(List<Round.Judged> judged) {
        String few = judged.stream().limit(NAMES).map(Round.Judged::name).collect(Collectors.joining(", "));
        return judged.size() > NAMES ? few + " and %d more".formatted(judged.size() - NAMES) : few;
    }

    private void released(Round round) {
        var released = new ArrayList<Round.Judged>();
        var good = new HashSet<SeenPlatforms.Key>();
        for (Round.Judged judged : round.judged()) {
            Forecast forecast = judged.forecast();
            if (forecast.standing() != Standing.REFUSED && forecast.standing() != Standing.UNDETERMINED) {
                good.add(key(judged));
                if (refusals.containsKey(key(judged))) {
                    released.add(judged);
                }
            }
            if (forecast.ending().isEmpty()) {
                ends.remove(key(judged));
            }
        }
        refusals.keySet().removeAll(good);
        if (!released.isEmpty()) {
            LOG.infof("early warning: %d platforms would be accepted now: %s", released.size(), names(released));
        }
    }
}
