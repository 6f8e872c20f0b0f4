package io.countersign.trial;

import io.countersign.trial.Sketch.Demand;
import io.countersign.trial.Sketch.Minting;
import io.countersign.trial.Sketch.Range;
import io.countersign.trial.Sketch.Value;
import io.countersign.trial.Sketch.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Policies over what the machines of the fixtures say. The same seed draws the same ones, so that a failure can be repeated.
 *
 * @param found real values by claim, for sets that some machines are in
 */
record Draw(Random random, Map<String, List<String>> found) {
    private static final List<Instant> ENDS =
            List.of(Instant.parse("2021-01-01T00:00:00Z"), Instant.parse("2028-01-01T00:00:00Z"));
    private static final List<String> TYPES = List.of("sev-snp", "tdx", "sgx");
    private static final List<String> OF_CPUS = List.of(
            "!cpu.debug",
            "!cpu.migratable",
            "cpu.debug || !cpu.debug",
            "cpu.tee in [\"sev-snp\", \"tdx\"]",
            "cpu.launch_measurement in references.images",
            "!(cpu.launch_measurement in references.denied)",
            "cpu.debug");
    private static final Map<String, List<String>> BY_TYPE = Map.of(
            "cpu", List.of(),
            "sev-snp",
                    List.of(
                            "cpu.snp.vmpl == 0",
                            "cpu.snp.vmpl <= 3",
                            "cpu.snp.reported_tcb.snp >= 23",
                            "cpu.snp.committed_tcb.snp > 22",
                            "cpu.snp.platform_info.alias_check_complete",
                            "cpu.snp.product == \"Milan\"",
                            "version_at_least(cpu.snp.current_version, \"1.55.20\")",
                            "cpu.snp.reported_tcb.fmc >= 0"),
            "tdx",
                    List.of(
                            "cpu.tdx.mr_td in references.firmware",
                            "cpu.tdx.tcb_status == \"UpToDate\"",
                            "cpu.tdx.td_report == \"1.0\" || !cpu.tdx.service_td_bound",
                            "size(cpu.tdx.td_attributes_unknown) == 0",
                            "cpu.tdx.event_log.root_hash == \"none\"",
                            "cpu.tdx.tcb_evaluation_data_number >= 1"),
            "nvidia-gpu",
                    List.of(
                            "gpu.measurements_match",
                            "gpu.cc_mode in [\"on\", \"ppcie\"]",
                            "gpu.model == \"H100\"",
                            "gpu.cpr.on_board in references.boards",
                            "gpu.devtools_index == \"matched\""));

    /** One of the moves that can only refuse more. */
    record Move(String name, Sketch sketch) {}

    Sketch sketch() {
        Minting minting = one(List.of(Minting.values()));
        var rules = new ArrayList<Demand>();
        if (minting == Minting.PINS_ALL) {
            rules.add(new Demand(
                    "image is approved", "cpu", "cpu.launch_measurement in references.images", "contraindicated", 2));
        }
        IntStream.rangeClosed(1, 1 + random.nextInt(3)).forEach(number -> rules.add(rule("rule " + number)));
        return new Sketch(
                some(TYPES),
                one(List.of(new Range(0, 0), new Range(0, 8), new Range(0, 8), new Range(1, 64))),
                one(List.of(new Range(0, 0), new Range(0, 4), new Range(0, 64))),
                one(List.of(Set.of("countersign-v1"), Set.of("countersign-v1", "nonce"))),
                "optional",
                one(List.of(0, 24, 700)),
                one(List.of(
                        Set.of(), Set.of("gpu.fwid"), Set.of("snp.revocation", "tdx.revocation", "gpu.revocation"))),
                one(List.of(Set.of(), Set.of("OutOfDate"), Set.of("OutOfDate", "SWHardeningNeeded"))),
                one(List.of(Set.of("affirming"), Set.of("affirming", "warning"))),
                minting,
                sets(),
                rules);
    }

    private List<Values> sets() {
        return List.of(
                set("images", "launch_measurement", "ab".repeat(48)),
                set("firmware", "tdx.mr_td", "ac".repeat(48)),
                set("boards", "cpr.on_board", "1010/0200/882:00c00100"),
                new Values(
                        "denied",
                        "launch_measurement",
                        Optional.empty(),
                        List.of(new Value("ad".repeat(48), Optional.empty()))));
    }

    private Values set(String name, String claim, String bogus) {
        var texts = new LinkedHashSet<>(Objects.requireNonNull(found.get(claim), claim));
        texts.removeIf(_ -> random.nextInt(5) == 0);
        texts.add(bogus);
        return new Values(
                name,
                claim,
                random.nextInt(4) == 0 ? Optional.of(ENDS.getLast()) : Optional.empty(),
                texts.stream()
                        .map(text -> new Value(
                                text, random.nextInt(6) == 0 ? Optional.of(ENDS.getLast()) : Optional.empty()))
                        .toList());
    }

    private Demand rule(String name) {
        String scope = one(List.copyOf(BY_TYPE.keySet().stream().sorted().toList()));
        return new Demand(
                name,
                scope,
                formula(scope, 2),
                one(List.of("contraindicated", "contraindicated", "warning")),
                random.nextInt(5) == 0 ? 33 : 2);
    }

    private String formula(String scope, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(8)) {
            case 5 -> "(%s && %s)".formatted(formula(scope, depth - 1), formula(scope, depth - 1));
            case 6 -> "(%s || %s)".formatted(formula(scope, depth - 1), formula(scope, depth - 1));
            case 7 -> "(%s ? %s : %s)".formatted(atom(scope), formula(scope, depth - 1), formula(scope, depth - 1));
            default -> atom(scope);
        };
    }

    private String atom(String scope) {
        var atoms = new ArrayList<>(Objects.requireNonNull(BY_TYPE.get(scope), scope));
        if (!scope.equals("nvidia-gpu")) {
            atoms.addAll(OF_CPUS);
        }
        String atom = one(atoms);
        return atom.contains("||") ? "(" + atom + ")" : atom;
    }

    /** The sketch with one thing stricter; empty where this move finds nothing to change. */
    Optional<Move> stricter(Sketch s) {
        return switch (random.nextInt(14)) {
            case 0 -> Optional.of(new Move("a rule is added", with(s, plus(s.rules(), rule("one more rule")))));
            case 1 -> Optional.of(new Move("a rule demands more", with(s, changed(s.rules(), this::demandsMore))));
            case 2 ->
                rule(
                        s,
                        "warning",
                        each -> new Demand(
                                each.name(), each.scope(), each.require(), "contraindicated", each.affirms()));
            case 3 ->
                Optional.of(new Move(
                        "a rule affirms less",
                        with(
                                s,
                                changed(
                                        s.rules(),
                                        each -> new Demand(
                                                each.name(), each.scope(), each.require(), each.otherwise(), 34)))));
            case 4, 5 -> fewerValues(s);
            case 6 ->
                Optional.of(new Move(
                                "a set expires",
                                withSets(
                                        s,
                                        changed(
                                                s.sets().subList(0, 3),
                                                each -> new Values(
                                                        each.name(),
                                                        each.claim(),
                                                        Optional.of(one(ENDS)),
                                                        each.values())),
                                        s.sets().getLast())))
                        .filter(move -> !later(s, move.sketch()));
            case 7 ->
                Optional.of(new Move(
                        "a value expires",
                        withSets(
                                s,
                                changed(
                                        s.sets().subList(0, 3),
                                        each -> new Values(
                                                each.name(),
                                                each.claim(),
                                                each.expires(),
                                                changed(
                                                        each.values(),
                                                        value -> new Value(
                                                                value.text(), Optional.of(ENDS.getFirst()))))),
                                s.sets().getLast())));
            case 8 -> fewer(s.types()).map(types -> new Move("fewer types", s.withTypes(types)));
            case 9 ->
                s.gpus().min() == s.gpus().max()
                        ? Optional.empty()
                        : Optional.of(new Move(
                                "fewer numbers of GPUs",
                                s.withGpus(
                                        random.nextBoolean()
                                                ? new Range(
                                                        s.gpus().min() + 1,
                                                        s.gpus().max())
                                                : new Range(
                                                        s.gpus().min(), s.gpus().max() - 1))));
            case 10 -> Optional.of(new Move("a key is demanded", s.withKey("required")));
            case 11 ->
                s.staleCrlHours() == 0
                        ? Optional.empty()
                        : Optional.of(new Move("CRLs must be fresh", s.withStaleCrlHours(0)));
            case 12 -> excused(s);
            default ->
                s.mint().size() == 1
                        ? s.bindings().size() == 1
                                ? Optional.empty()
                                : Optional.of(new Move("one binding less", s.withBindings(Set.of("countersign-v1"))))
                        : Optional.of(new Move("no tokens with warnings", s.withMint(Set.of("affirming"))));
        };
    }

    private Optional<Move> excused(Sketch s) {
        if (!s.waived().isEmpty() && random.nextBoolean()) {
            return fewer(s.waived())
                    .or(() -> Optional.of(Set.of()))
                    .map(waived -> new Move("a waiver less", s.withWaived(waived)));
        }
        return s.tolerated().isEmpty()
                ? Optional.empty()
                : Optional.of(new Move("no TCB status tolerated", s.withTolerated(Set.of())));
    }

    private Optional<Move> rule(Sketch s, String otherwise, UnaryOperator<Demand> change) {
        return s.rules().stream()
                .filter(each -> each.otherwise().equals(otherwise))
                .findFirst()
                .map(weak -> new Move(
                        "a rule no longer only warns",
                        with(
                                s,
                                s.rules().stream()
                                        .map(each -> each.equals(weak) ? change.apply(each) : each)
                                        .toList())));
    }

    private Demand demandsMore(Demand rule) {
        String require = rule.require().contains("||") && !rule.require().startsWith("(")
                ? "(" + rule.require() + ")"
                : rule.require();
        return new Demand(
                rule.name(), rule.scope(), require + " && " + atom(rule.scope()), rule.otherwise(), rule.affirms());
    }

    private Optional<Move> fewerValues(Sketch s) {
        int which = random.nextInt(3);
        Values set = s.sets().get(which);
        if (set.values().size() < 2) {
            return Optional.empty();
        }
        var values = new ArrayList<>(set.values());
        values.remove(random.nextInt(values.size()));
        var sets = new ArrayList<>(s.sets());
        sets.set(which, new Values(set.name(), set.claim(), set.expires(), values));
        return Optional.of(new Move("a value less", withSets(s, sets)));
    }

    /** Whether some set ends later than it did. */
    private static boolean later(Sketch was, Sketch is) {
        return IntStream.range(0, 3).anyMatch(i -> is.sets()
                        .get(i)
                        .expires()
                        .orElse(Instant.MAX)
                        .isAfter(was.sets().get(i).expires().orElse(Instant.MAX)))
                || was.equals(is);
    }

    private static Sketch with(Sketch s, List<Demand> rules) {
        return s.withRules(rules);
    }

    private static Sketch withSets(Sketch s, List<Values> first, Values... more) {
        return s.withSets(Stream.concat(first.stream(), Stream.of(more)).toList());
    }

    private static <T> List<T> plus(List<T> all, T one) {
        return Stream.concat(all.stream(), Stream.of(one)).toList();
    }

    private <T> List<T> changed(List<T> all, UnaryOperator<T> change) {
        int which = random.nextInt(all.size());
        return IntStream.range(0, all.size())
                .mapToObj(i -> i == which ? change.apply(all.get(i)) : all.get(i))
                .toList();
    }

    private Optional<Set<String>> fewer(Set<String> all) {
        var left = new ArrayList<>(all.stream().sorted().toList());
        left.remove(random.nextInt(left.size()));
        return left.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(left));
    }

    private Set<String> some(List<String> all) {
        var left = new ArrayList<>(all);
        left.removeIf(_ -> random.nextInt(5) == 0);
        return left.isEmpty() ? Set.copyOf(all) : Set.copyOf(left);
    }

    <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
