package io.countersign.service;

import java.util.Locale;
import java.util.TreeMap;

/** An answer as it came over a bare connection. */
record RawAnswer(int status, String head, String body) {
    static RawAnswer of(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            throw new AssertionError("no HTTP answer: " + text);
        }
        return new RawAnswer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }

    /** The same in the form of other answers, judged as they are. */
    Answer read() {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        head.lines()
                .skip(1)
                .forEach(line -> headers.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()));
        String mediaType = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        String text = "chunked".equalsIgnoreCase(headers.get("transfer-encoding")) ? joined(body) : body;
        var answer = new Answer(status, mediaType, headers, text, Http.parseIfJson(mediaType, text));
        ProblemForm.judge(answer);
        return answer;
    }

    private static String joined(String chunks) {
        var joined = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int line = chunks.indexOf("\r\n", at);
            int length = Integer.parseInt(chunks.substring(at, line), 16);
            joined.append(chunks, line + 2, line + 2 + length);
            at = line + 2 + length + 2;
        }
        return joined.toString();
    }
}
