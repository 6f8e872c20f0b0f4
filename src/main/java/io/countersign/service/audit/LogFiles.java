package io.countersign.service.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of a log's files, {@code audit-000001.jsonl} and so on. */
public final class LogFiles {
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{6,12})\\.jsonl");

    private LogFiles() {}

    static String name(long number) {
        return "audit-%06d.jsonl".formatted(number);
    }

    /** The number in a name of ours. */
    static OptionalLong number(Path file) {
        Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** The files of a folder in the order in which they were written; files of other names are not ours. */
    public static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> number(file).isPresent())
                    .sorted(Comparator.comparingLong(file -> number(file).orElseThrow()))
                    .toList();
        }
    }
}
