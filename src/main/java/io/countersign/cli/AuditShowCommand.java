package io.countersign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.cli.Terminal.Tone;
import io.countersign.service.audit.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit show}: lines for people. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {"Shows the lines that fit every option given, one each.", "Verifies nothing: audit verify does."
        })
final class AuditShowCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private AuditPlace place = new AuditPlace();

    @Option(names = "--kind", paramLabel = "<kind>", description = "attestation, introspection, policy, key, gap …")
    private @Nullable String kind;

    @Option(names = "--policy", paramLabel = "<id>", description = "Judged under this policy, or about it.")
    private @Nullable String policy;

    @Option(
            names = "--code",
            paramLabel = "<code>",
            description = "Ended with this problem, or with this check or rule not passed.")
    private @Nullable String code;

    @Option(names = "--caller", paramLabel = "<name>", description = "Asked by this caller.")
    private @Nullable String caller;

    @Option(names = "--request", paramLabel = "<id>", description = "With this X-Request-Id.")
    private @Nullable String request;

    @Option(names = "--token", paramLabel = "<jti>", description = "About this token.")
    private @Nullable String token;

    @Option(names = "--since", paramLabel = "<time>", description = "Not before then.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "<time>", description = "Before then.")
    private @Nullable Instant until;

    @Option(names = "--json", description = "The lines as they stand in the log.")
    private boolean json;

    @Override
    public Integer call() throws CommandException {
        var terminal = Terminal.of(System.out);
        for (Path file : place.files()) {
            try (InputStream in = AuditPlace.open(file)) {
                var lines = new LineReader(in);
                for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                    show(terminal, line.get().bytes());
                }
            } catch (IOException e) {
                throw FileTrouble.reading(file, e);
            }
        }
        return Main.FINE;
    }

    private void show(Terminal terminal, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Optional<JsonNode> read = parse(text).filter(this::wanted);
        if (read.isPresent()) {
            terminal.line(json ? text : words(terminal, read.get()));
        }
    }

    /** Others' lines may stand between, where the log is standard output. */
    private static Optional<JsonNode> parse(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(line -> line.has("seq") && line.has("kind"));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private boolean wanted(JsonNode line) {
        return is(kind, line.path("kind"))
                && is(policy, line.at("/policy/id"))
                && is(caller, line.path("caller"))
                && is(request, line.path("request"))
                && (token == null || is(token, line.at("/token/jti")) || is(token, line.path("withheld")))
                && (code == null
                        || is(code, line.path("outcome"))
                        || codes(line).contains(code))
                && isTimely(line.path("time").asText());
    }

    private static boolean is(@Nullable String wanted, JsonNode found) {
        return wanted == null || wanted.equals(found.asText());
    }

    private boolean isTimely(String text) {
        if (since == null && until == null) {
            return true;
        }
        try {
            Instant time = Instant.parse(text);
            return (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
        } catch (DateTimeException _) {
            return false;
        }
    }

    /** What did not pass, on every device and between them. */
    private static List<String> codes(JsonNode line) {
        var codes = new ArrayList<String>();
        Stream.concat(
                        Stream.of(line.path("checks"), line.path("rules")),
                        line.path("submods").valueStream().map(submodule -> submodule.path("checks")))
                .forEach(byOutcome -> byOutcome.forEach(names -> names.forEach(name -> codes.add(name.asText()))));
        return codes;
    }

    private static String words(Terminal terminal, JsonNode line) {
        String kind = line.path("kind").asText();
        String outcome = line.path("outcome").asText();
        var words = new ArrayList<String>();
        words.add(line.path("time").asText());
        words.add(line.path("seq").asText());
        words.add(kind);
        if (!outcome.isEmpty()) {
            words.add(terminal.in(outcome.equals("ok") ? Tone.GOOD : Tone.BAD, outcome));
            String caller = line.path("caller").asText();
            words.add(caller.isEmpty() ? "anonymous" : caller);
        }
        for (String member : List.of(
                "audience",
                "status",
                "intent",
                "answer",
                "event",
                "state",
                "kid",
                "version",
                "withheld",
                "file",
                "of",
                "decisions",
                "why")) {
            JsonNode value = line.path(member);
            if (!value.isMissingNode()) {
                words.add(member + "=" + value.asText());
            }
        }
        JsonNode policy = line.path("policy");
        if (policy.has("id")) {
            words.add("policy=" + policy.path("id").asText()
                    + (policy.has("version")
                            ? " version " + policy.path("version").asText()
                            : ""));
        }
        if (line.at("/token/jti").isTextual()) {
            words.add("token=" + line.at("/token/jti").asText());
        }
        List<String> codes = codes(line);
        if (!codes.isEmpty()) {
            words.add("not passed: " + String.join(", ", codes));
        }
        return String.join("  ", words);
    }
}
