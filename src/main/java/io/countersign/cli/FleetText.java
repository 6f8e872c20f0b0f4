package io.countersign.cli;

import io.countersign.cli.FleetOutlook.Row;
import io.countersign.cli.Terminal.Tone;
import io.countersign.trial.Forecast.Ending;
import io.countersign.trial.Forecast.Reason;
import io.countersign.trial.Forecast.Standing;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelPublication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says how a fleet will fare, for people and for programs. */
final class FleetText {
    private final FleetOutlook fleet;
    private final ComingCollateral coming;
    private final Instant at;
    private final Names names;

    /** Whether machines are called by their own identifiers too. */
    enum Names {
        SHOWN,
        LEFT_OUT
    }

    FleetText(FleetOutlook fleet, ComingCollateral coming, Instant at, Names names) {
        this.fleet = fleet;
        this.coming = coming;
        this.at = at;
        this.names = names;
    }

    void print(Terminal terminal) {
        terminal.line("%s of %s that were accepted, as of %s%s"
                .formatted(
                        count(fleet.rows().size(), "platform"),
                        count(fleet.cases() - fleet.refusedAsSeen(), "case"),
                        at,
                        fleet.refusedAsSeen() == 0
                                ? ""
                                : "; %s refused as recorded left aside"
                                        .formatted(count(fleet.refusedAsSeen(), "case"))));
        for (IntelPublication.Statement statement : coming.statements()) {
            terminal.line("%s: TCB evaluation data number %d, issued %s%s"
                    .formatted(
                            statement.ref().description(),
                            statement.evaluationDataNumber(),
                            statement.issueDate(),
                            inForce(statement)));
        }
        trouble(terminal, "Not used as Intel's collateral", coming.unused());
        trouble(terminal, "Could not be judged", fleet.unreadable());
        if (fleet.rows().isEmpty()) {
            terminal.line("");
            terminal.line(terminal.in(Tone.BAD, "No platform was judged, so nothing is known."));
            return;
        }
        table(terminal);
        groups(terminal, Tone.BAD, "Will be refused", Standing.REFUSED);
        groups(terminal, Tone.DOUBTFUL, "Unknown", Standing.UNDETERMINED);
        ends(terminal);
    }

    private String inForce(IntelPublication.Statement statement) {
        var numbers = new TreeSet<Long>();
        fleet.rows().forEach(row -> {
            Long number = row.platform().inForce().get(statement.ref());
            if (number != null) {
                numbers.add(number);
            }
        });
        return numbers.isEmpty()
                ? ""
                : "; platforms were judged by "
                        + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static void trouble(Terminal terminal, String what, List<String> all) {
        if (!all.isEmpty()) {
            terminal.line("");
            terminal.line(terminal.in(Tone.DOUBTFUL, what + ": " + all.size()));
            all.forEach(each -> terminal.wrapped(2, each));
        }
    }

    private void table(Terminal terminal) {
        terminal.line("");
        terminal.line("%-10s %10s %10s %10s %10s".formatted("", "accepted", "refused", "unknown", "not asked"));
        for (String tee : new TreeSet<>(
                fleet.rows().stream().map(row -> row.platform().tee()).toList())) {
            terminal.line("%-10s %10d %10d %10d %10d"
                    .formatted(
                            tee,
                            count(tee, Standing.ACCEPTED),
                            count(tee, Standing.REFUSED),
                            count(tee, Standing.UNDETERMINED),
                            count(tee, Standing.NOT_ASKED)));
        }
    }

    private int count(String tee, Standing standing) {
        return (int) fleet.rows(standing).stream()
                .filter(row -> row.platform().tee().equals(tee))
                .count();
    }

    private void groups(Terminal terminal, Tone tone, String what, Standing standing) {
        for (List<Row> group : Alike.grouped(
                fleet.rows(standing),
                row -> List.of(
                        row.platform().tee(), row.policy(), row.forecast().reasons()))) {
            Row first = group.getFirst();
            terminal.line("");
            terminal.line(terminal.in(
                    tone,
                    "%s: %s (%s, policy %s)"
                            .formatted(
                                    what,
                                    count(group.size(), "platform"),
                                    first.platform().tee(),
                                    first.policy())));
            first.forecast().reasons().forEach(reason -> terminal.wrapped(2, reason.full()));
            group.forEach(row -> terminal.line("    " + line(row)));
        }
    }

    private void ends(Terminal terminal) {
        List<Row> ending = fleet.rows().stream()
                .filter(row -> row.forecast().ending().isPresent())
                .toList();
        for (List<Row> group : Alike.grouped(
                ending,
                row -> List.of(
                        row.platform().tee(),
                        row.policy(),
                        row.forecast().ending().orElseThrow()))) {
            Row first = group.getFirst();
            Ending end = first.forecast().ending().orElseThrow();
            terminal.line("");
            terminal.line(terminal.in(
                    Tone.DOUBTFUL,
                    "%s: %s (%s, policy %s)"
                            .formatted(
                                    end.within().isZero()
                                            ? "Refused already, as of " + at
                                            : "Ends within %d days"
                                                    .formatted(end.within().toDays()),
                                    count(group.size(), "platform"),
                                    first.platform().tee(),
                                    first.policy())));
            end.reasons().forEach(reason -> terminal.wrapped(2, reason.full()));
            group.forEach(row -> terminal.line("    " + line(row)));
        }
    }

    private String line(Row row) {
        String identifier = names == Names.SHOWN
                ? row.platform().identifier().map(id -> "  " + id).orElse("")
                : "";
        return "%s  last seen %s  %s%s".formatted(row.platform().shortKey(), row.seen(), row.caseName(), identifier);
    }

    private static String count(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }

    /** The same for programs. */
    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("at", at.toString());
        document.put("cases", fleet.cases());
        document.put("refused_as_recorded", fleet.refusedAsSeen());
        document.put("not_judged", fleet.unreadable());
        document.put("collateral_not_used", coming.unused());
        document.put(
                "intel", coming.statements().stream().map(FleetText::document).toList());
        document.put("platforms", fleet.rows().stream().map(this::document).toList());
        return document;
    }

    private static Map<String, Object> document(IntelPublication.Statement statement) {
        var of = new LinkedHashMap<String, Object>();
        of.put("what", statement.ref().description());
        of.put("tcb_evaluation_data_number", statement.evaluationDataNumber());
        of.put("issued_at", statement.issueDate().toString());
        return of;
    }

    private Map<String, Object> document(Row row) {
        var of = new LinkedHashMap<String, Object>();
        of.put("platform", row.platform().shortKey());
        of.put("tee", row.platform().tee());
        of.put("policy", row.policy());
        of.put("case", row.caseName());
        of.put("seen_at", row.seen().toString());
        of.put("standing", row.forecast().standing().word());
        of.put("reasons", full(row.forecast().reasons()));
        row.forecast().ending().ifPresent(ending -> {
            of.put("ends_within_days", ending.within().toDays());
            of.put("ends_because", full(ending.reasons()));
        });
        var inForce = new ArrayList<Long>();
        row.platform().inForce().forEach((ref, number) -> {
            if (ref instanceof IntelEndorsementRef.TcbInfo) {
                inForce.add(number);
            }
        });
        if (!inForce.isEmpty()) {
            of.put("tcb_evaluation_data_number", Objects.requireNonNull(inForce.getFirst()));
        }
        if (names == Names.SHOWN) {
            row.platform().identifier().ifPresent(id -> of.put("identifier", id));
        }
        return of;
    }

    private static List<String> full(List<Reason> reasons) {
        return reasons.stream().map(Reason::full).toList();
    }
}
