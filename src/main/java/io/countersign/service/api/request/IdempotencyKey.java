package io.countersign.service.api.request;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client sends again when it sends a request again: draft-ietf-httpapi-idempotency-key-header-07, section 2.1.
 *
 * @param text 16 to 128 visible ASCII characters
 */
public record IdempotencyKey(String text) {
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{16,128}");

    /** A string of RFC 8941, section 3.3.3. */
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"");

    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    /** Reads the header's lines: a string in quotes, or the same bare, as many clients send it. */
    public static Optional<IdempotencyKey> read(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        if (lines.size() > 1) {
            throw invalid("stands in the request more than once");
        }
        String line = lines.getFirst();
        var quoted = QUOTED.matcher(line);
        String text = line;
        if (quoted.matches()) {
            text = ESCAPED.matcher(quoted.group(1)).replaceAll("$1");
        } else if (line.startsWith("\"")) {
            throw invalid("begins with a quote and is no string in quotes");
        }
        if (!VISIBLE.matcher(text).matches()) {
            throw invalid("is not 16 to 128 visible ASCII characters");
        }
        return Optional.of(new IdempotencyKey(text));
    }

    private static CountersignException invalid(String why) {
        return new CountersignException(
                ProblemCode.REQUEST_INVALID,
                "The header Idempotency-Key %s.".formatted(why),
                "Send 32 random hex digits in quotes, new ones for each new request.");
    }
}
