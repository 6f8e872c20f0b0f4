package io.countersign.service.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.service.audit.LineReader.Ending;
import io.countersign.service.audit.LineReader.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through the files of a log in their order and stops at the first line that is not as it was written. */
public final class LogVerifier {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] BEGIN = "{\"v\":1,\"seq\":".getBytes(StandardCharsets.US_ASCII);

    private final Foreign foreign;
    private final Vouchers vouchers;
    private final Optional<String> wanted;
    private final List<Tail> tails = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Head> begin = Optional.empty();
    private Head last = Head.NONE;
    private Optional<Head> seen = Optional.empty();
    private Optional<Break> broken = Optional.empty();
    private long lines;
    private long chains;

    /** What to make of lines that are none of the log's. */
    public enum Foreign {
        REFUSED,
        /** The log was standard output: other lines stand between, and each start began a chain. */
        SKIPPED
    }

    /** The first place that is wrong; the numbers are those that people count, from 1. */
    public record Break(String file, long line, String found, String expected) {}

    /**
     * What was found.
     *
     * @param begin the first line, whose predecessor nobody looked at unless it is line 1
     * @param wanted the line with the hash that was looked for
     */
    public record Report(
            long lines,
            long chains,
            Optional<Head> begin,
            Head end,
            Optional<Head> wanted,
            Vouchers vouchers,
            List<String> notes,
            Optional<Break> broken) {
        public Report {
            notes = List.copyOf(notes);
        }
    }

    /** The rest of a file after its last whole line. */
    private record Tail(String file, long line, FileScan.Tail bytes, String why) {}

    /**
     * For one log.
     *
     * @param wanted a hash that must be in it
     */
    public LogVerifier(Foreign foreign, Vouchers vouchers, Optional<String> wanted) {
        this.foreign = foreign;
        this.vouchers = vouchers;
        this.wanted = wanted;
    }

    /** What goes wrong in a line; caught before anybody outside sees it. */
    private static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Break where;

        BrokenException(Break where) {
            super(where.found());
            this.where = where;
        }
    }

    /** Reads one more file, which follows those before; false when nothing after it need be read. */
    public boolean read(String name, InputStream in) throws IOException {
        if (broken.isPresent()) {
            return false;
        }
        try {
            lines(name, new LineReader(in));
        } catch (BrokenException e) {
            broken = Optional.of(e.where);
        }
        return broken.isEmpty();
    }

    /** After the last file. */
    public Report end() {
        if (broken.isEmpty() && !tails.isEmpty()) {
            Tail tail = tails.getFirst();
            broken = Optional.of(new Break(
                    tail.file(),
                    tail.line(),
                    tail.why(),
                    "a whole line. One that is not finished is what a service leaves behind that was killed; its next start"
                            + " says so in a new file, and then this is no finding. While it writes, ask again"));
        }
        return new Report(lines, chains, begin, last, seen, vouchers, notes, broken);
    }

    private void lines(String name, LineReader reader) throws IOException, BrokenException {
        var rest = LineFormat.sha256();
        long restBytes = 0;
        int restFeeds = 0;
        Optional<Tail> tail = Optional.empty();
        long number = 0;
        boolean first = true;
        for (Optional<Line> next = reader.next(); next.isPresent(); next = reader.next()) {
            number++;
            Line line = next.get();
            if (foreign == Foreign.SKIPPED && !startsLikeOurs(line.bytes())) {
                continue;
            }
            Optional<String> wrong = wrong(line);
            if (wrong.isPresent()) {
                restFeeds += line.ending() == Ending.END_OF_FILE ? 0 : 1;
                restBytes += line.length();
                rest.update(line.bytes());
                if (line.ending() == Ending.LINE_FEED) {
                    rest.update((byte) '\n');
                }
                long at = number;
                tail = tail.or(() -> Optional.of(new Tail(name, at, new FileScan.Tail(0, "", 0), wrong.get())));
                continue;
            }
            if (tail.isPresent()) {
                throw broken(name, tail.get().line(), tail.get().why(), "the line as it was written");
            }
            if (LineFormat.read(line.bytes()) instanceof LineFormat.Reading.Whole whole) {
                whole(name, number, line.bytes(), whole, first);
            }
            first = false;
        }
        if (tail.isPresent()) {
            var bytes = new FileScan.Tail(restBytes, java.util.HexFormat.of().formatHex(rest.digest()), restFeeds);
            if (restFeeds > 0) {
                throw broken(
                        name,
                        tail.get().line(),
                        tail.get().why(),
                        "the line as it was written. A machine that lost its power can leave this behind; so can an editor:"
                                + " compare with a copy, and verify the files that follow by themselves");
            }
            tails.add(new Tail(name, tail.get().line(), bytes, tail.get().why()));
        }
    }

    private static boolean startsLikeOurs(byte[] line) {
        return line.length >= BEGIN.length && java.util.Arrays.equals(line, 0, BEGIN.length, BEGIN, 0, BEGIN.length);
    }

    private static Optional<String> wrong(Line line) {
        return switch (line.ending()) {
            case END_OF_FILE -> Optional.of("it is not finished: no line feed follows");
            case TOO_LONG -> Optional.of("it has more than %d bytes".formatted(LineReader.LONGEST));
            case LINE_FEED ->
                LineFormat.read(line.bytes()) instanceof LineFormat.Reading.Broken(var why)
                        ? Optional.of(why)
                        : Optional.empty();
        };
    }

    private void whole(String file, long number, byte[] bytes, LineFormat.Reading.Whole line, boolean firstOfFile)
            throws BrokenException {
        JsonNode members = members(file, number, bytes);
        String kind = members.path("kind").asText();
        boolean beginsAnew = line.head().seq() == 1 && line.prev().equals(Head.NONE.hash());
        if (begin.isEmpty()) {
            begin = Optional.of(line.head());
            chains = 1;
            if (line.head().seq() == 1 && !beginsAnew) {
                throw broken(file, number, "it is line 1 and follows %s".formatted(line.prev()), "64 zeros as prev");
            }
        } else if (foreign == Foreign.SKIPPED && beginsAnew && kind.equals(Kind.START.word())) {
            chains++;
        } else if (line.head().seq() != last.seq() + 1 || !line.prev().equals(last.hash())) {
            throw broken(
                    file,
                    number,
                    "it is line %d of the log and follows %s"
                            .formatted(line.head().seq(), line.prev()),
                    "line %d, which follows %s".formatted(last.seq() + 1, last.hash()));
        }
        if (firstOfFile) {
            explained(file, number, kind, members);
        }
        last = line.head();
        lines++;
        seen = seen.or(() -> wanted.filter(line.head().hash()::equals).map(_ -> line.head()));
        vouchers.passed(line.head());
        if (kind.equals(Kind.CHECKPOINT.word())) {
            Optional<String> why = vouchers.wrong(members.path("jws").asText(), begin.get());
            if (why.isPresent()) {
                throw broken(file, number, why.get(), "a checkpoint of this log");
            }
        }
    }

    private static JsonNode members(String file, long number, byte[] bytes) throws BrokenException {
        try {
            return JSON.readTree(new String(bytes, StandardCharsets.US_ASCII));
        } catch (JsonProcessingException _) {
            throw broken(file, number, "it is no JSON", "a JSON object");
        }
    }

    /** What was left behind in the files before must be what this file's first line says. */
    private void explained(String file, long number, String kind, JsonNode members) throws BrokenException {
        if (foreign == Foreign.REFUSED && !kind.equals(Kind.FILE.word())) {
            throw broken(
                    file,
                    number,
                    "its kind is %s".formatted(kind),
                    "a line of the kind file at the beginning of a file");
        }
        for (Tail tail : tails) {
            boolean said = false;
            for (JsonNode torn : members.path("torn")) {
                said |= torn.path("bytes").asLong() == tail.bytes().bytes()
                        && torn.path("sha256").asText().equals(tail.bytes().sha256());
            }
            if (!said) {
                throw broken(
                        tail.file(),
                        tail.line(),
                        tail.why(),
                        "a whole line: the file after it tells of none that was not finished");
            }
            notes.add("%s: the %d bytes of line %d were never finished, and the file after says so"
                    .formatted(tail.file(), tail.bytes().bytes(), tail.line()));
        }
        tails.clear();
    }

    private static BrokenException broken(String file, long line, String found, String expected) {
        return new BrokenException(new Break(file, line, found, expected));
    }
}
