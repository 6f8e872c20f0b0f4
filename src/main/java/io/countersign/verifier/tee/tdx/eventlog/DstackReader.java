package io.countersign.verifier.tee.tdx.eventlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads dstack's log: a JSON array of {@code {imr, event_type, digest, event, event_payload}}, where imr 0 to 3 is RTMR0 to
 * RTMR3 and payloads and digests are hex. Other members are passed over: nothing is read from them.
 *
 * <p>Source: dstack, {@code cc-eventlog} (TdxEventLog), as its releases of 2024 to 2026 write it.
 */
final class DstackReader {
    private static final String STRUCTURE = "dstack event log";
    private static final String WHITE_SPACE = " \t\r\n";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names are the sender's choice: they do not go into the table of strings that lives as long as the
            // process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(EventLog.MAX_LENGTH)
                    .maxNameLength(256)
                    .maxNumberLength(20)
                    .build())
            .build();

    private DstackReader() {}

    /** A CCEL begins with a small number: none of these bytes. */
    static boolean looksLikeJson(Bytes raw) {
        return raw.length() > 0 && ("[{" + WHITE_SPACE).indexOf(raw.u8(0)) >= 0;
    }

    static List<Event> read(Bytes raw) throws MalformedEvidenceException {
        byte[] text = raw.toByteArray();
        // Anything but UTF-8 would be guessed from zero bytes (RFC 8259, 8.1 allows nothing else), and bytes that are
        // replaced
        // while reading would not be the bytes that were measured.
        if (!Bytes.utf8(raw.toUtf8()).equals(raw) || raw.toUtf8().indexOf('\0') >= 0) {
            throw new MalformedEvidenceException(STRUCTURE, 0, "is not JSON in UTF-8");
        }
        try (JsonParser json = JSON.createParser(text)) {
            try {
                return events(json);
            } catch (IOException e) {
                throw malformed(json, "is not well-formed JSON");
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory opens and closes", e);
        }
    }

    private static List<Event> events(JsonParser json) throws IOException, MalformedEvidenceException {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            throw malformed(json, "is not a JSON array of events");
        }
        var events = new ArrayList<Event>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw malformed(json, "an event is not a JSON object");
            }
            if (events.size() == EventLog.MAX_EVENTS) {
                throw malformed(json, "holds more than " + EventLog.MAX_EVENTS + " events");
            }
            events.add(event(json));
        }
        if (json.nextToken() != null) {
            throw malformed(json, "something follows the array of events");
        }
        return events;
    }

    private static Event event(JsonParser json) throws IOException, MalformedEvidenceException {
        int start = offset(json);
        var texts = new HashMap<String, String>();
        var numbers = new HashMap<String, Long>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "imr", "event_type" -> {
                    if (value != JsonToken.VALUE_NUMBER_INT) {
                        throw malformed(json, name + " is not a whole number");
                    }
                    numbers.put(name, json.getLongValue());
                }
                case "digest", "event", "event_payload" -> {
                    if (value != JsonToken.VALUE_STRING) {
                        throw malformed(json, name + " is not a text");
                    }
                    texts.put(name, json.getText());
                }
                default -> json.skipChildren();
            }
        }
        int length = offset(json) + 1 - start;
        int register = (int) number(json, numbers, "imr", Replay.REGISTERS - 1);
        long type = number(json, numbers, "event_type", 0xFFFFFFFFL);
        String name = texts.getOrDefault("event", "");
        // A lone surrogate has no bytes that could have been measured.
        if (!Bytes.utf8(name).toUtf8().equals(name)) {
            throw malformed(json, "event is not a text that UTF-8 can hold");
        }
        Bytes payload = hex(json, "event_payload", texts.getOrDefault("event_payload", ""));
        Bytes digest = digest(json, register, type, name, payload, texts.get("digest"));
        return new Event(register + 1, type, Map.of(DigestAlgorithm.SHA384, digest), name, payload, start, length);
    }

    /** The short form that dstack answers with leaves out the digests of its own events, because they follow from the rest. */
    private static Bytes digest(
            JsonParser json, int register, long type, String name, Bytes payload, @Nullable String written)
            throws MalformedEvidenceException {
        if (written != null && !written.isEmpty()) {
            Bytes digest = hex(json, "digest", written);
            if (digest.length() != Replay.LENGTH) {
                throw malformed(json, "digest has %d bytes, not %d".formatted(digest.length(), Replay.LENGTH));
            }
            return digest;
        }
        if (register == 3 && type == EventType.DSTACK_RUNTIME) {
            return DstackEvent.preimage(type, name, payload).sha384();
        }
        throw malformed(json, "an event without digest; only dstack's own events, in imr 3, may leave it out");
    }

    private static long number(JsonParser json, Map<String, Long> numbers, String name, long most)
            throws MalformedEvidenceException {
        Long value = numbers.get(name);
        if (value == null) {
            throw malformed(json, "an event without " + name);
        }
        if (value < 0 || value > most) {
            throw malformed(json, "%s is %d; 0 to %d are possible".formatted(name, value, most));
        }
        return value;
    }

    private static Bytes hex(JsonParser json, String name, String digits) throws MalformedEvidenceException {
        try {
            return Bytes.fromHex(digits);
        } catch (IllegalArgumentException e) {
            throw malformed(json, name + " is not hex");
        }
    }

    private static int offset(JsonParser json) {
        return (int) json.currentTokenLocation().getByteOffset();
    }

    private static MalformedEvidenceException malformed(JsonParser json, String why) {
        return new MalformedEvidenceException(STRUCTURE, Math.max(0, offset(json)), why);
    }
}
