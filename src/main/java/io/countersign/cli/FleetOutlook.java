package io.countersign.cli;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseReader;
import io.countersign.trial.CaseFile;
import io.countersign.trial.Forecast;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Outlook;
import io.countersign.trial.Platform;
import io.countersign.trial.ReplayBounds;
import io.countersign.trial.Sighting;
import io.countersign.trial.Yardstick.Admission;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The platforms of recorded cases, each as it was seen last, and how they would fare. */
final class FleetOutlook {
    /** Finds a policy by the id that a case names. */
    @FunctionalInterface
    interface Policies {
        AppraisalPolicy find(String id) throws CommandException;
    }

    /** One platform under one policy. */
    record Row(Platform platform, String policy, String caseName, Instant seen, Forecast forecast) {}

    private record Key(Bytes platform, String policy) {}

    private final CaseReader reader;
    private final Policies policies;
    private final Optional<String> onlyPolicy;
    private final Optional<AppraisalPolicy> follower;
    private final ComingCollateral coming;
    private final Instant at;
    private final Map<Key, Row> rows = new LinkedHashMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private int cases;
    private int refusedAsSeen;

    FleetOutlook(
            CaseReader reader,
            Policies policies,
            Optional<String> onlyPolicy,
            Optional<AppraisalPolicy> follower,
            ComingCollateral coming,
            Instant at) {
        this.reader = reader;
        this.policies = policies;
        this.onlyPolicy = onlyPolicy;
        this.follower = follower;
        this.coming = coming;
        this.at = at;
    }

    void add(CaseFile file) {
        try {
            byte[] text = file.read(ReplayBounds.MAX_BYTES);
            if (text.length > ReplayBounds.MAX_BYTES) {
                throw new CaseException("%s has more than %d bytes".formatted(file.name(), ReplayBounds.MAX_BYTES));
            }
            add(reader.read(file.name(), text));
        } catch (CaseException | CommandException e) {
            unreadable.add(String.valueOf(e.getMessage()));
        } catch (IOException _) {
            unreadable.add(file.name() + ": it cannot be read");
        }
    }

    void add(Case read) throws CommandException {
        cases++;
        String id = onlyPolicy
                .or(read::policy)
                .orElseThrow(() -> new CommandException(
                        "%s names no policy; --policy says by which one it is judged".formatted(read.name())));
        AppraisalPolicy policy = policies.find(id);
        Outlook outlook = Outlook.of(Sighting.of(read), policy);
        if (outlook.then() == Admission.REFUSED) {
            refusedAsSeen++;
            return;
        }
        Platform platform = outlook.platform();
        var key = new Key(platform.key(), policy.identity().id());
        Row before = rows.get(key);
        if (before == null || !read.at().isBefore(before.seen())) {
            Forecast forecast = outlook.forecast(follower, coming.of(outlook.asks()), at);
            rows.put(key, new Row(platform, policy.identity().id(), read.name(), read.at(), forecast));
        }
    }

    List<Row> rows() {
        return List.copyOf(rows.values());
    }

    List<Row> rows(Standing standing) {
        return rows().stream()
                .filter(row -> row.forecast().standing() == standing)
                .toList();
    }

    List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    int cases() {
        return cases;
    }

    /** Cases that the policy refuses as of when they were recorded: nobody can be warned of that. */
    int refusedAsSeen() {
        return refusedAsSeen;
    }
}
