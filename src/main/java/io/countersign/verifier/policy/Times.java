package io.countersign.verifier.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads times and dates: in UTC, so that nobody has to ask whose midnight is meant. */
final class Times {
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile(DATE + "T[0-9:.]{5,18}(?:Z|\\+00:00)");

    private Times() {}

    /** A time in UTC, or a date, which means its beginning. */
    static Optional<Instant> instant(ScalarNode text, String name, Issues issues) {
        Optional<Instant> instant = parse(text.getValue());
        if (instant.isEmpty()) {
            issues.error(
                    text,
                    name + " is a time in UTC",
                    "write it as 2027-06-01T00:00:00Z, or 2027-06-01 for that midnight");
        }
        return instant;
    }

    static Optional<LocalDate> date(ScalarNode text, String name, Issues issues) {
        try {
            if (DATE.matcher(text.getValue()).matches()) {
                return Optional.of(LocalDate.parse(text.getValue()));
            }
        } catch (DateTimeException _) {
            // the issue below says what is expected
        }
        issues.error(text, name + " is a date", "write it as 2026-11-23");
        return Optional.empty();
    }

    private static Optional<Instant> parse(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return TIME.matcher(text).matches()
                    ? Optional.of(OffsetDateTime.parse(text).toInstant())
                    : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
