package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Answers kept in memory until their end, or until there are too many: then the oldest go, for they are a convenience. */
final class RememberedAnswers {
    static final int MAX_ANSWERS = 10_000;
    static final long MAX_BYTES = 64L * 1024 * 1024;

    private record Answer(Bytes content, Instant until) {}

    private final LinkedHashMap<Bytes, Answer> answers = new LinkedHashMap<>();
    private long bytes;

    synchronized void remember(Bytes name, Bytes content, Instant until, Instant now) {
        if (content.length() > OnceStore.MAX_CONTENT || !now.isBefore(until)) {
            return;
        }
        forget(name);
        answers.put(name, new Answer(content, until));
        bytes += size(name, content);
        while (answers.size() > MAX_ANSWERS || bytes > MAX_BYTES) {
            forget(answers.firstEntry().getKey());
        }
    }

    synchronized Optional<Bytes> recall(Bytes name, Instant now) {
        Answer answer = answers.get(name);
        if (answer == null) {
            return Optional.empty();
        }
        if (!now.isBefore(answer.until())) {
            forget(name);
            return Optional.empty();
        }
        return Optional.of(answer.content());
    }

    synchronized long bytes() {
        return bytes;
    }

    private void forget(Bytes name) {
        Answer gone = answers.remove(name);
        if (gone != null) {
            bytes -= size(name, gone.content());
        }
    }

    private static long size(Bytes name, Bytes content) {
        return (long) name.length() + content.length();
    }
}
