package io.countersign.service.audit;

import io.countersign.service.audit.LineReader.Ending;
import io.countersign.service.audit.LineReader.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a file when the service starts.
 *
 * @param end where its last whole line ends
 * @param head that line, if there is one
 * @param tail what follows it: the line that was being written when the machine or the service stopped
 * @param breaks places where a line is not what it says or not the next one
 */
record FileScan(Path file, long end, Optional<Head> head, Tail tail, int breaks) {
    /**
     * Bytes after the last whole line.
     *
     * @param lineFeeds more than none is not what a stopped process leaves behind
     */
    record Tail(long bytes, String sha256, int lineFeeds) {
        /** As a new file's first line tells of it. */
        Map<String, Object> members(Path file) {
            var members = new LinkedHashMap<String, Object>();
            members.put("file", String.valueOf(file.getFileName()));
            members.put("bytes", bytes);
            members.put("sha256", sha256);
            return members;
        }
    }

    static FileScan of(Path file) throws IOException {
        long end = 0;
        int breaks = 0;
        int unread = 0;
        Optional<Head> head = Optional.empty();
        try (InputStream in = Files.newInputStream(file)) {
            var lines = new LineReader(in);
            long at = 0;
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                at += line.get().length();
                if (line.get().ending() == Ending.LINE_FEED
                        && LineFormat.read(line.get().bytes()) instanceof LineFormat.Reading.Whole(var now, var prev)) {
                    breaks += unread;
                    breaks += head.filter(before -> !before.hash().equals(prev)).isPresent() ? 1 : 0;
                    unread = 0;
                    end = at;
                    head = Optional.of(now);
                } else {
                    unread++;
                }
            }
        }
        return new FileScan(file, end, head, tail(file, end), breaks);
    }

    /** Hashed in a second pass: it is short, unless the file is none of ours. */
    private static Tail tail(Path file, long from) throws IOException {
        var digest = LineFormat.sha256();
        long bytes = 0;
        int lineFeeds = 0;
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
                for (int i = 0; i < read; i++) {
                    lineFeeds += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return new Tail(bytes, java.util.HexFormat.of().formatHex(digest.digest()), lineFeeds);
    }
}
