package io.countersign.verifier.policy;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what a policy file tolerates: how old endorsements may be, and what is excused and why. */
final class ToleranceReader {
    static final List<String> MEMBERS =
            List.of("crl-stale-for", "ocsp-max-age", "waive", "tcb-status", "certificate-hold");
    private static final Duration LONGEST_STALE_CRL = Duration.ofDays(30);
    /** An answer that is older says little about today, whatever its own end. */
    private static final Duration LONGEST_OCSP_AGE = Duration.ofDays(7);

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5})(m|h|d)");

    private final ClaimVocabulary vocabulary;
    private final Set<CheckId> waivable;
    private final Issues issues;

    ToleranceReader(ClaimVocabulary vocabulary, Set<CheckId> waivable, Issues issues) {
        this.vocabulary = vocabulary;
        this.waivable = waivable;
        this.issues = issues;
    }

    /** What one file states by itself; what it is silent about is absent. */
    record StatedTolerances(
            Optional<Stated<Duration>> staleCrl,
            Optional<Stated<Duration>> ocspMaxAge,
            Map<String, String> waivers,
            Map<String, String> tcbStatuses,
            Optional<String> certificateHold) {
        static StatedTolerances none() {
            return new StatedTolerances(Optional.empty(), Optional.empty(), Map.of(), Map.of(), Optional.empty());
        }
    }

    StatedTolerances read(Members policy) {
        return policy.mapping("tolerate", MEMBERS)
                .map(tolerate -> new StatedTolerances(
                        duration(tolerate, "crl-stale-for", LONGEST_STALE_CRL),
                        duration(tolerate, "ocsp-max-age", LONGEST_OCSP_AGE),
                        waivers(tolerate),
                        tcbStatuses(tolerate),
                        tolerate.mapping("certificate-hold", List.of("because"))
                                .flatMap(hold -> hold.requiredText("because"))
                                .map(ScalarNode::getValue)))
                .orElseGet(StatedTolerances::none);
    }

    private Optional<Stated<Duration>> duration(Members tolerate, String name, Duration longest) {
        return tolerate.text(name).flatMap(text -> {
            Matcher matcher = DURATION.matcher(text.getValue());
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                Duration duration =
                        switch (matcher.group(2)) {
                            case "m" -> Duration.ofMinutes(number);
                            case "h" -> Duration.ofHours(number);
                            default -> Duration.ofDays(number);
                        };
                if (duration.compareTo(longest) <= 0) {
                    return Optional.of(new Stated<>(duration, text));
                }
            }
            issues.error(
                    text, name + " is a time of at most " + longest.toDays() + " days", "write it as 90m, 24h or 7d");
            return Optional.empty();
        });
    }

    private Map<String, String> waivers(Members tolerate) {
        var codes = waivable.stream().map(CheckId::code).sorted().toList();
        var reasons = new LinkedHashMap<String, String>();
        for (Members waiver : tolerate.mappings("waive", "a waiver", List.of("check", "for", "because"))) {
            // An unknown type refuses the policy, so what its waiver is filed under no longer matters.
            String suffix = waiver.text("for")
                    .flatMap(this::evidenceType)
                    .map(type -> "@" + type)
                    .orElse("");
            excuse(
                    reasons,
                    waiver,
                    "check",
                    codes,
                    code -> code + suffix,
                    new Wording(
                            "the check \"%s\" cannot be waived",
                            "only these can, and only where they are undetermined: ", "waived"));
        }
        return reasons;
    }

    private Optional<String> evidenceType(ScalarNode text) {
        Set<String> known = vocabulary.evidenceTypes();
        if (known.contains(text.getValue())) {
            return Optional.of(text.getValue());
        }
        issues.error(
                text,
                "no evidence of type \"" + text.getValue() + "\" is known here",
                Spelling.suggestOrList(text.getValue(), known));
        return Optional.empty();
    }

    private Map<String, String> tcbStatuses(Members tolerate) {
        var reasons = new LinkedHashMap<String, String>();
        for (Members excuse : tolerate.mappings("tcb-status", "a tolerated TCB status", List.of("status", "because"))) {
            excuse(
                    reasons,
                    excuse,
                    "status",
                    Tolerances.TOLERABLE_TCB_STATUSES,
                    UnaryOperator.identity(),
                    new Wording("the TCB status \"%s\" cannot be tolerated", "only these can: ", "tolerated"));
        }
        return reasons;
    }

    private record Wording(String refused, String allowed, String done) {}

    /** What is excused and why, each once, out of what may be excused at all. */
    private void excuse(
            Map<String, String> reasons,
            Members excuse,
            String member,
            List<String> allowed,
            UnaryOperator<String> key,
            Wording wording) {
        Optional<ScalarNode> named = excuse.requiredText(member);
        Optional<ScalarNode> because = excuse.requiredText("because");
        if (named.isEmpty() || because.isEmpty()) {
            return;
        }
        String word = named.get().getValue();
        if (!allowed.contains(word)) {
            issues.error(
                    named.get(),
                    wording.refused().formatted(word),
                    Spelling.nearest(word, allowed).isPresent()
                            ? Spelling.suggest(word, allowed)
                            : wording.allowed() + String.join(", ", allowed));
        } else if (reasons.put(key.apply(word), because.get().getValue()) != null) {
            issues.error(
                    named.get(),
                    "the %s \"%s\" is %s twice".formatted(member, word, wording.done()),
                    "keep one of them");
        }
    }
}
