package io.countersign.verifier.policy;

import dev.cel.common.CelIssue;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What CEL says about an expression, in words for somebody who does not know CEL, and what to do about it. */
record CelAdvice(String message, String suggestion) {
    private static final String TOKEN = "token recognition error at: '";
    private static final String UNDECLARED = "undeclared reference to '";
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '([^']*)' applied to '[^']*?\\(([^']*)\\)'.*");

    /** What other languages, and CEL with more macros, have. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("has", "leave it out: a rule over a claim that is absent is not met"),
            Map.entry("map", "all, exists and exists_one say something of a list: list.exists(x, x == \"…\")"),
            Map.entry("filter", "all, exists and exists_one say something of a list: list.exists(x, x == \"…\")"),
            Map.entry("any", "did you mean \"exists\"?"),
            Map.entry("some", "did you mean \"exists\"?"),
            Map.entry("every", "did you mean \"all\"?"),
            Map.entry("len", "did you mean \"size\"?"),
            Map.entry("length", "did you mean \"size\"?"),
            Map.entry("count", "did you mean \"size\"?"),
            Map.entry("includes", "did you mean \"contains\"?"),
            Map.entry("match", "did you mean \"matches\"?"));

    private static final List<String> FUNCTIONS = List.of(
            CelFunctions.VERSION_AT_LEAST,
            CelFunctions.BITS_SET,
            "size",
            "matches",
            "timestamp",
            "contains",
            "startsWith",
            "endsWith",
            "exists",
            "exists_one",
            "all",
            "true",
            "false");

    private static final Map<String, String> TYPES = Map.of(
            "bool", "a flag",
            "int", "a number",
            "uint", "a number",
            "double", "a number with a fraction",
            "string", "a text",
            "list(string)", "a list of texts",
            "list(int)", "a list of numbers",
            "google.protobuf.Timestamp", "a time");

    /** Those that are worth telling: what follows from another mistake only hides it. */
    static List<CelIssue> worthTelling(List<CelIssue> issues) {
        Optional<CelIssue> cause = issues.stream()
                .filter(issue -> issue.getMessage().startsWith(TOKEN))
                .findFirst()
                .or(() -> issues.stream()
                        .filter(issue -> OTHERS.containsKey(undeclared(issue.getMessage())))
                        .findFirst());
        return cause.map(List::of).orElse(issues);
    }

    /**
     * In our words.
     *
     * @param said by CEL
     * @param expression the whole of it
     * @param variables all that a rule may read
     */
    static CelAdvice of(String said, String expression, Collection<String> variables) {
        String plain = said.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(candidates: .*", "")
                .replaceFirst(" \\(in container ''\\)", "")
                .replaceFirst(" expecting .*", "");
        String name = undeclared(plain);
        if (!name.isEmpty()) {
            return new CelAdvice(plain, named(name, variables));
        }
        var overload = OVERLOAD.matcher(plain);
        if (overload.matches()) {
            return overload(overload.toMatchResult());
        }
        if (plain.startsWith(TOKEN)) {
            return token(plain.substring(TOKEN.length()).strip());
        }
        if (plain.startsWith("expected type 'bool'")) {
            return new CelAdvice(plain, "a rule must be true or false: compare the value with something");
        }
        if (plain.startsWith("expected type")) {
            return new CelAdvice(plain, "all members of a list are of one type: mind the quotes");
        }
        if (plain.startsWith("Regex validation failed")) {
            return new CelAdvice(
                    plain.replaceFirst("Regex validation failed. Reason: ", "this is no pattern: "),
                    "mind brackets and backslashes; patterns are those of RE2");
        }
        if (plain.startsWith("timestamp validation failed")) {
            return new CelAdvice("this is no time", "write it as timestamp(\"2027-06-01T00:00:00Z\")");
        }
        return syntax(plain, expression);
    }

    private static CelAdvice syntax(String plain, String expression) {
        if (plain.contains("'<EOF>'")) {
            return plain.startsWith("missing '")
                    ? new CelAdvice(
                            plain.replaceFirst("missing '(.)' at '<EOF>'.*", "a $1 is missing at the end"),
                            "close every bracket that is opened")
                    : new CelAdvice(
                            plain.replace("mismatched input '<EOF>'", "the expression ends too early"),
                            "complete it, or leave out the operator at its end");
        }
        if (!plain.contains(" input '")) {
            return new CelAdvice(plain, "");
        }
        if (plain.contains("'and'")) {
            return new CelAdvice(plain, "write && for and");
        }
        if (plain.contains("'or'")) {
            return new CelAdvice(plain, "write || for or");
        }
        return new CelAdvice(
                plain,
                Pattern.compile("\\bnot\\s").matcher(expression).find()
                        ? "write ! for not"
                        : "an operator, a comma or a bracket is missing before it, or one is too much");
    }

    private static CelAdvice token(String found) {
        return switch (found.isEmpty() ? ' ' : found.charAt(0)) {
            case '=' -> new CelAdvice("a single = is no operator", "write == to compare");
            case '&' -> new CelAdvice("a single & is no operator", "write && for and; bits_set looks at bits");
            case '|' -> new CelAdvice("a single | is no operator", "write || for or");
            case '"', '\'' -> new CelAdvice("a quote is opened and not closed", "close it");
            default ->
                new CelAdvice(TOKEN + found, "this character has no meaning outside quotes: put the text in quotes");
        };
    }

    private static CelAdvice overload(MatchResult found) {
        String operator = found.group(1).replaceAll("^[_@]+|_+$", "");
        List<String> types = Pattern.compile(", ").splitAsStream(found.group(2)).toList();
        List<String> words =
                types.stream().map(type -> TYPES.getOrDefault(type, type)).toList();
        String message = words.size() == 2 && !Character.isLetter(operator.charAt(0))
                ? "%s and %s do not go together with %s".formatted(words.getFirst(), words.getLast(), operator)
                : "%s does not take %s".formatted(operator, String.join(" and ", words));
        return new CelAdvice(message, overloadAdvice(operator, types));
    }

    private static String overloadAdvice(String operator, List<String> types) {
        if (operator.equals("&&") || operator.equals("||") || operator.equals("!")) {
            return "each part must be true or false: compare the value with something";
        }
        if (operator.equals("in")) {
            return "in looks into a list: [\"…\", \"…\"]; contains looks into a text";
        }
        if (types.contains("bool")) {
            return "a flag stands by itself, or with ! in front: cpu.debug, !cpu.debug";
        }
        if (types.contains("int") && types.contains("string")) {
            return types.getFirst().equals("int") ? "write the number without quotes" : "write the text in quotes";
        }
        return "compare like with like";
    }

    /** For a name that nothing declares. */
    private static String named(String name, Collection<String> variables) {
        String lower = name.toLowerCase(Locale.ROOT);
        Optional<String> other = Optional.ofNullable(OTHERS.get(lower));
        Optional<String> function = FUNCTIONS.stream()
                .filter(known -> known.toLowerCase(Locale.ROOT).equals(lower))
                .findFirst()
                .or(() -> Spelling.nearest(name, FUNCTIONS));
        Optional<String> claim = variables.stream()
                .filter(variable -> variable.endsWith("." + name))
                .findFirst();
        return other.or(() -> claim.or(() -> function).map("did you mean \"%s\"?"::formatted))
                .orElse("claims are written with the class of device in front, texts in quotes");
    }

    /** The name in "undeclared reference to 'name'", or the empty text. */
    static String undeclared(String message) {
        return message.startsWith(UNDECLARED)
                ? message.substring(UNDECLARED.length()).replaceFirst("'.*", "")
                : "";
    }
}
