package io.countersign.service.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Splits a stream at line feeds, in memory that does not grow with it. */
public final class LineReader {
    /** 64 devices with every check failed take a tenth of this. */
    public static final int LONGEST = 1024 * 1024;

    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;

    /** How a line ended. */
    public enum Ending {
        LINE_FEED,
        END_OF_FILE,
        /** At a line feed or the end, and it had more bytes than are kept. */
        TOO_LONG
    }

    /**
     * One line.
     *
     * @param bytes without the line feed; the first ones of a line that is too long
     * @param length in the file, the line feed included
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, which only hashes them
    public record Line(byte[] bytes, long length, Ending ending) {}

    public LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line, or nothing at the end. */
    public Optional<Line> next() throws IOException {
        var kept = new ByteArrayOutputStream(1024);
        long length = 0;
        while (fill()) {
            int feed = at;
            while (feed < end && buffer[feed] != '\n') {
                feed++;
            }
            int found = feed - at;
            kept.write(buffer, at, (int) Math.min(found, Math.max(0, LONGEST - length)));
            length += found;
            at = feed;
            if (feed < end) {
                at++;
                return Optional.of(new Line(
                        kept.toByteArray(), length + 1, length > LONGEST ? Ending.TOO_LONG : Ending.LINE_FEED));
            }
        }
        return length == 0
                ? Optional.empty()
                : Optional.of(
                        new Line(kept.toByteArray(), length, length > LONGEST ? Ending.TOO_LONG : Ending.END_OF_FILE));
    }

    /** Whether there is something to read. */
    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
