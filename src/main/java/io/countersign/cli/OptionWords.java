package io.countersign.cli;

import io.countersign.imports.SnpMeasurements;
import io.countersign.service.signing.SigningAlgorithm;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what stands behind options, and says in words what was expected there. */
final class OptionWords {
    /** At most 99,999 days, which is still a time. */
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5})([smhd])");

    private OptionWords() {}

    /** A time, or a day for its beginning in UTC, as in policies. */
    static Instant instant(String text) {
        try {
            return text.length() == "2026-01-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new TypeConversionException(
                    "\"%s\" is no time; write 2026-11-23T09:00:00Z or 2026-11-23".formatted(text));
        }
    }

    /** A number of seconds, minutes, hours or days, as in the service's settings. */
    static Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException("\"%s\" is no duration; write 900s, 15m, 2h or 1d".formatted(text));
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static SigningAlgorithm algorithm(String text) {
        return SigningAlgorithm.named(text)
                .orElseThrow(() -> new TypeConversionException("\"%s\" is none of ES256, ES384".formatted(text)));
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("\"%s\" is no path: %s".formatted(text, e.getReason()));
        }
    }

    /** One of a few words, which are the names of the constants. */
    static <E extends Enum<E>> ITypeConverter<E> of(Class<E> type) {
        return text -> Stream.of(type.getEnumConstants())
                .filter(each -> word(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("\"%s\" is none of %s"
                        .formatted(
                                text,
                                Stream.of(type.getEnumConstants())
                                        .map(OptionWords::word)
                                        .collect(Collectors.joining(", ")))));
    }

    /** A claim by its path. */
    static SnpMeasurements.Kind claim(String text) {
        return Stream.of(SnpMeasurements.Kind.values())
                .filter(kind -> kind.claim().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("\"%s\" is none of %s"
                        .formatted(
                                text,
                                Stream.of(SnpMeasurements.Kind.values())
                                        .map(SnpMeasurements.Kind::claim)
                                        .collect(Collectors.joining(", ")))));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
