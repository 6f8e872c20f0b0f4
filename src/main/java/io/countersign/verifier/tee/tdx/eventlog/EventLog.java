package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.scheme.Field;
import java.util.List;
import java.util.Optional;

/** What a guest says was measured into its registers. Well-formed, and not trusted before it was replayed against a quote. */
public final class EventLog {
    /** As much as firmware sets aside: td-shim's logs have exactly this size. */
    public static final int MAX_LENGTH = 1024 * 1024;

    static final int MAX_EVENTS = 8192;

    /** How the log is written. */
    enum Format {
        CCEL("ccel"),
        DSTACK("dstack");

        private final String word;

        Format(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final Format format;
    private final List<Event> events;
    private final Optional<Replay> replay;

    private EventLog(Format format, List<Event> events) {
        this.format = format;
        this.events = List.copyOf(events);
        this.replay = Replay.of(this.events);
    }

    /** Reads the bytes of a CCEL or the text of dstack's JSON log. */
    public static EventLog parse(Bytes raw) throws EvidenceException {
        if (raw.length() > MAX_LENGTH) {
            throw new MalformedEvidenceException(
                    "event log",
                    MAX_LENGTH,
                    "a log has at most %d bytes, this one %d".formatted(MAX_LENGTH, raw.length()));
        }
        return DstackReader.looksLikeJson(raw)
                ? new EventLog(Format.DSTACK, DstackReader.read(raw))
                : new EventLog(Format.CCEL, CcelReader.read(raw));
    }

    /**
     * RTMR0 to RTMR3 as the log says they were extended; nothing when an event has no SHA-384 digest, which is all that TDX
     * extends with.
     */
    public Optional<List<Bytes>> rtmrs() {
        return replay.map(Replay::values);
    }

    /** Whether the log holds any event of RTMR0 to RTMR3, given as 0 to 3. */
    public boolean holdsEventsOf(int rtmr) {
        return events.stream().anyMatch(event -> event.measured() && event.rtmr() == rtmr);
    }

    /** Every event with what the log says about it, for people; nothing is judged. */
    public List<Field> fields() {
        return EventLogFields.of(this);
    }

    Format format() {
        return format;
    }

    List<Event> events() {
        return events;
    }

    Optional<Replay> replay() {
        return replay;
    }
}
