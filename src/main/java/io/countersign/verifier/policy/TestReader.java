package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.policy.PolicyDocument.StatedTest;
import io.countersign.verifier.policy.PolicyTest.TokenExpectation;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.DeviceClass;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the tests of a policy; running them is for others. */
final class TestReader {
    static final List<String> MEMBERS = List.of("name", "case", "at", "with", "without", "expect");
    static final List<String> EXPECT_MEMBERS = List.of("status", "token", "rules");
    /** See {@link Outcome#word}. */
    static final List<String> OUTCOMES = List.of("passed", "failed", "undetermined", "not-reached", "waived");

    static final List<String> STATUSES =
            Stream.of(TrustTier.values()).map(TrustTier::word).toList();
    private static final List<String> TOKENS =
            Stream.of(TokenExpectation.values()).map(TokenExpectation::word).toList();

    private static final int MAX_TESTS = 100;
    private static final int MAX_CHANGES = 64;
    private static final int MAX_CASE = 200;
    private static final Pattern FIXTURE = Pattern.compile("fixture:[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)+");
    private static final Pattern PATH = Pattern.compile("[^/\\\\:\\p{Cntrl}]+(?:/[^/\\\\:\\p{Cntrl}]+)*");
    private static final Pattern DOTS = Pattern.compile("(?:^|.*[/:])\\.\\.?(?:/.*|$)");
    private static final Pattern CLAIM = Pattern.compile("((?:([a-z]+))(0|[1-9][0-9]?))\\.(.+)");

    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    TestReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    List<StatedTest> read(Members policy) {
        if (policy.node("tests").isPresent() && policy.entries("tests").size() > MAX_TESTS) {
            issues.error(policy.key("tests"), "a policy has at most %d tests".formatted(MAX_TESTS), "");
            return List.of();
        }
        var tests = new ArrayList<StatedTest>();
        var names = new HashSet<String>();
        for (Members test : policy.mappings("tests", "a test", MEMBERS)) {
            Optional<ScalarNode> name = test.requiredText("name").filter(text -> Naming.fits(text, "a test", issues));
            name.filter(text -> !names.add(text.getValue()))
                    .ifPresent(text -> issues.error(
                            text, "two tests are named \"" + text.getValue() + "\"", "rename one of them"));
            test(test, name).ifPresent(tests::add);
        }
        return tests;
    }

    private Optional<StatedTest> test(Members test, Optional<ScalarNode> name) {
        Optional<String> caseName = test.requiredText("case").flatMap(this::caseName);
        Optional<Instant> at = test.text("at")
                .flatMap(text -> Times.instant(text, "at", issues).filter(time -> inRange(time, text)));
        Map<String, Object> with = with(test);
        List<String> without = without(test, with);
        Optional<Members> expect = test.requiredMapping("expect", EXPECT_MEMBERS);
        Optional<TrustTier> status = expect.flatMap(members -> members.requiredText("status"))
                .flatMap(text -> Naming.oneOf(text, "status", STATUSES, issues))
                .map(TestReader::tier);
        Optional<TokenExpectation> token = expect.flatMap(members -> members.text("token"))
                .flatMap(text -> Naming.oneOf(text, "token", TOKENS, issues))
                .map(word -> word.equals(TokenExpectation.ALLOWED.word())
                        ? TokenExpectation.ALLOWED
                        : TokenExpectation.REFUSED);
        Optional<Members> rules = expect.flatMap(members -> members.openMapping("rules"));
        Map<String, String> outcomes = rules.map(this::outcomes).orElse(Map.of());
        var places = new LinkedHashMap<String, Node>();
        rules.ifPresent(members -> outcomes.keySet().forEach(rule -> places.put(rule, members.key(rule))));
        if (name.isEmpty() || caseName.isEmpty() || status.isEmpty()) {
            return Optional.empty();
        }
        int line =
                name.get().getStartMark().map(mark -> Position.of(mark).line()).orElse(1);
        return Optional.of(new StatedTest(
                new PolicyTest(
                        name.get().getValue(), caseName.get(), at, with, without, status.get(), token, outcomes, line),
                places));
    }

    private static TrustTier tier(String word) {
        return Stream.of(TrustTier.values())
                .filter(tier -> tier.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no tier " + word));
    }

    /** Below the folder of the policy's file, so that a policy cannot make the service read what it likes. */
    private Optional<String> caseName(ScalarNode text) {
        String name = text.getValue();
        boolean fixture = name.startsWith("fixture:");
        if (name.length() <= MAX_CASE
                && (fixture ? FIXTURE : PATH).matcher(name).matches()
                && !DOTS.matcher(name).matches()) {
            return Optional.of(name);
        }
        issues.error(
                text,
                fixture
                        ? "a fixture is named by its folder and its own name"
                        : "a case is a path below the folder of this file, with / and without ..",
                fixture ? "write it as fixture:sev-snp/milan-v5" : "write it as cases/gateway.json");
        return Optional.empty();
    }

    /** The same times that requests may ask for. */
    private boolean inRange(Instant time, ScalarNode text) {
        int year = time.atZone(ZoneOffset.UTC).getYear();
        if (year < 2015 || year >= 2100) {
            issues.error(text, "at is a time from 2015 to 2100", "");
            return false;
        }
        return true;
    }

    private Map<String, Object> with(Members test) {
        var with = new LinkedHashMap<String, Object>();
        Members members = test.openMapping("with").orElse(null);
        if (members == null) {
            return with;
        }
        if (members.all().size() > MAX_CHANGES) {
            issues.error(test.key("with"), "a test changes at most %d claims".formatted(MAX_CHANGES), "");
            return with;
        }
        var values = new ClaimValueReader(issues);
        members.all().forEach((name, node) -> claim(members.key(name), name)
                .flatMap(definitions -> values.read(node, name, definitions))
                .ifPresent(value -> with.put(name, value)));
        return with;
    }

    private List<String> without(Members test, Map<String, Object> with) {
        List<ScalarNode> names = test.texts("without").orElse(List.of());
        if (names.size() > MAX_CHANGES) {
            issues.error(test.key("without"), "a test takes away at most %d claims".formatted(MAX_CHANGES), "");
            return List.of();
        }
        for (ScalarNode name : names) {
            if (claim(name, name.getValue()).isPresent() && with.containsKey(name.getValue())) {
                issues.error(
                        name,
                        "the test both changes " + name.getValue() + " and takes it away",
                        "keep it in with or in without");
            }
        }
        return names.stream().map(ScalarNode::getValue).toList();
    }

    /** What the evidence types of the device declare under the path, at least one. */
    private Optional<List<ClaimDefinition>> claim(Node place, String name) {
        Matcher matcher = CLAIM.matcher(name);
        Optional<ClaimVocabulary.Scope> scope = matcher.matches()
                ? Stream.of(DeviceClass.values())
                        .map(DeviceClass::word)
                        .filter(matcher.group(2)::equals)
                        .findFirst()
                        .flatMap(vocabulary::scope)
                : Optional.empty();
        if (scope.isEmpty()
                || matcher.group(2).equals("cpu") && !matcher.group(3).equals("0")) {
            issues.error(
                    place,
                    "\"" + name + "\" does not begin with the label of a device",
                    "labels are cpu0, gpu0, gpu1… and nvswitch0, nvswitch1…: write cpu0.debug");
            return Optional.empty();
        }
        List<ClaimDefinition> definitions = vocabulary.definitions(scope.get(), matcher.group(4));
        if (definitions.isEmpty()) {
            String prefix = scope.get().deviceClass().word() + ".";
            Set<String> known = vocabulary.variables(scope.get()).keySet().stream()
                    .map(variable -> matcher.group(1) + "." + variable.substring(prefix.length()))
                    .collect(Collectors.toSet());
            issues.error(place, "there is no claim \"" + name + "\"", Spelling.suggest(name, known));
            return Optional.empty();
        }
        return Optional.of(definitions);
    }

    private Map<String, String> outcomes(Members rules) {
        var outcomes = new LinkedHashMap<String, String>();
        if (rules.all().size() > MAX_CHANGES) {
            issues.error(rules.node(), "a test names at most %d rules".formatted(MAX_CHANGES), "");
            return outcomes;
        }
        rules.all().forEach((rule, node) -> rules.text(rule)
                .flatMap(text -> Naming.oneOf(text, "the outcome of a rule", OUTCOMES, issues))
                .ifPresent(word -> outcomes.put(rule, word)));
        return outcomes;
    }
}
