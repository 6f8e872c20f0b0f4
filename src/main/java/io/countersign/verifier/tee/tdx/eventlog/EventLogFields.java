package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.tee.tdx.eventlog.MeasuredLog.Measured;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Every event with its digest and with what the log says about it, for people; nothing is judged. */
final class EventLogFields {
    private static final String STRUCTURE = "event log";
    private static final int MOST = 512;
    private static final int SHOWN = 200;
    private static final int READABLE = 6;

    private EventLogFields() {}

    static List<Field> of(EventLog log) {
        var measured = new IdentityHashMap<Event, Measured>();
        MeasuredLog.of(log).registers().forEach(register -> register.forEach(each -> measured.put(each.event(), each)));
        var fields = new ArrayList<Field>();
        for (Event event : log.events()) {
            if (fields.size() == MOST) {
                int left = log.events().size() - MOST;
                fields.add(new Field(STRUCTURE, "and more", event.offset(), 0, left + " more events are not shown"));
                break;
            }
            fields.add(new Field(
                    STRUCTURE,
                    name(event, fields.size()),
                    event.offset(),
                    event.length(),
                    value(event, measured.get(event))));
        }
        return List.copyOf(fields);
    }

    private static String name(Event event, int number) {
        String register = event.measurementRegister() == 0 ? "MRTD" : "RTMR" + event.rtmr();
        return "%s #%d %s".formatted(register, number, EventType.nameOf(event.type()));
    }

    private static String value(Event event, @org.jspecify.annotations.Nullable Measured measured) {
        if (measured == null) {
            return "not measured: " + readable(event.data());
        }
        String digest = event.sha384().map(Bytes::toString).orElse("no SHA-384 digest");
        return digest
                + switch (measured.meaning()) {
                    case Meaning.Mark(String text) -> " of \"" + text + "\"";
                    case Meaning.SecureBoot(boolean on) -> " of SecureBoot, " + (on ? "on" : "off");
                    case Meaning.KeyVariable(String name) -> " of the variable " + name;
                    case Meaning.BootVariable(String name) -> " of the variable " + name;
                    case Meaning.PartitionTable() -> " of the partition table";
                    case Meaning.LoaderCommand(String text) -> " of the command \"" + shortened(text) + "\"";
                    case Meaning.KernelCommandLine(String text) -> " of the command line \"" + shortened(text) + "\"";
                    case Meaning.SectionName(String name) -> " of the section name " + name;
                    case Meaning.PayloadParameters(String text) -> " of the command line \"" + shortened(text) + "\"";
                    case Meaning.RuntimeRecord(String text) -> " of \"" + shortened(text) + "\"";
                    case Meaning.DstackRecord(String name, Bytes payload) ->
                        " of \"" + shortened(name) + "\" with " + readable(payload);
                    case Meaning.Unexplained() -> "; not measured is the label " + label(event);
                };
    }

    private static String label(Event event) {
        return event.name().isEmpty()
                ? readable(event.data())
                : "\"" + shortened(event.name()) + "\" with " + readable(event.data());
    }

    /** The longest run of readable characters, in one or two bytes each, and hex where there is none worth reading. */
    private static String readable(Bytes data) {
        var longest = "";
        var run = new StringBuilder();
        for (int i = 0; i <= data.length(); i++) {
            int each = i < data.length() ? data.u8(i) : 0xFF;
            boolean upperHalf = each == 0 && i > 0 && data.u8(i - 1) != 0;
            if (each >= 0x20 && each < 0x7F) {
                run.append((char) each);
            } else if (!upperHalf) {
                longest = run.length() > longest.length() ? run.toString() : longest;
                run.setLength(0);
            }
        }
        return longest.length() >= READABLE
                ? "\"" + shortened(longest) + "\""
                : shortened(data.slice(0, Math.min(data.length(), SHOWN)).toString());
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "…";
    }
}
