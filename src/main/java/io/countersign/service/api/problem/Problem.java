package io.countersign.service.api.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One RFC 9457 problem document.
 *
 * @param detail this occurrence in one plain sentence
 * @param hint what to do about it
 * @param extensions further members, in order
 */
public record Problem(
        ProblemCode code, String detail, String hint, Map<String, Object> extensions, Optional<Duration> retryAfter) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemCode code, String detail, String hint) {
        return new Problem(code, detail, hint, Map.of(), Optional.empty());
    }

    public Problem with(String member, Object value) {
        var more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(code, detail, hint, more, retryAfter);
    }

    public Problem retryAfter(Duration duration) {
        return new Problem(code, detail, hint, extensions, Optional.of(duration));
    }

    /** For the header, rounded up: whoever comes back when told to must not be too early. */
    public Optional<Long> retryAfterSeconds() {
        return retryAfter.map(wait -> Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }

    /** The members in the order in which they are written. */
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", code.type());
        document.put("title", code.title());
        document.put("status", code.status());
        document.put("detail", detail);
        document.put("code", code.code());
        document.put("hint", hint);
        document.put("retryable", code.retry() == ProblemCode.Retry.LATER);
        document.putAll(extensions);
        return document;
    }
}
