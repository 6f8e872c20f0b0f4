package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.Unexplained;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The measured events of a log by register, each with what its digest is known to be of. */
record MeasuredLog(List<List<Measured>> registers) {
    /** One extension of a register. */
    record Measured(Event event, Bytes digest, Meaning meaning) {
        boolean unexplained() {
            return meaning instanceof Unexplained;
        }
    }

    MeasuredLog {
        registers = List.copyOf(registers);
    }

    static MeasuredLog of(EventLog log) {
        return new MeasuredLog(IntStream.range(0, Replay.REGISTERS)
                .mapToObj(rtmr -> register(log, rtmr))
                .toList());
    }

    private static List<Measured> register(EventLog log, int rtmr) {
        List<Event> events = log.events().stream()
                .filter(event -> event.measured() && event.rtmr() == rtmr)
                .toList();
        List<Meaning> meanings = MeaningReader.read(rtmr, events);
        return IntStream.range(0, events.size())
                .mapToObj(
                        i -> new Measured(events.get(i), events.get(i).sha384().orElse(Bytes.empty()), meanings.get(i)))
                .toList();
    }

    List<Measured> rtmr(int rtmr) {
        return registers.get(rtmr);
    }

    /** What of one kind a register holds, in order. */
    <M extends Meaning> Stream<M> all(int rtmr, Class<M> kind) {
        return registers.get(rtmr).stream()
                .map(Measured::meaning)
                .filter(kind::isInstance)
                .map(kind::cast);
    }
}
