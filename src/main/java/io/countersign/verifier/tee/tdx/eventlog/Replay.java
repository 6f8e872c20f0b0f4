package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The registers as a log says they were extended, one digest after the other, from zeros. Intel TDX Module Base Architecture
 * Specification (348549), "Run-Time Measurement Registers": RTMR' = SHA384(RTMR || digest).
 */
final class Replay {
    static final int REGISTERS = 4;
    static final int LENGTH = 48;

    private final List<List<Bytes>> digests;
    private final List<Bytes> values;

    private Replay(List<List<Bytes>> digests) {
        this.digests = digests.stream().map(List::copyOf).toList();
        this.values = this.digests.stream().map(Replay::extended).toList();
    }

    static Optional<Replay> of(List<Event> events) {
        List<List<Bytes>> digests = IntStream.range(0, REGISTERS)
                .<List<Bytes>>mapToObj(_ -> new ArrayList<>())
                .toList();
        for (Event event : events) {
            if (event.measured()) {
                Optional<Bytes> digest = event.sha384();
                if (digest.isEmpty()) {
                    return Optional.empty();
                }
                digests.get(event.rtmr()).add(digest.get());
            }
        }
        return Optional.of(new Replay(digests));
    }

    /** RTMR0 to RTMR3. */
    List<Bytes> values() {
        return values;
    }

    int count(int rtmr) {
        return digests.get(rtmr).size();
    }

    /** After how many of its events a register had this value, where it ever had: the log is then newer than the value. */
    OptionalInt reachedAfter(int rtmr, Bytes value) {
        Bytes register = Bytes.zeros(LENGTH);
        int extended = 0;
        for (Bytes digest : digests.get(rtmr)) {
            if (register.equals(value)) {
                return OptionalInt.of(extended);
            }
            register = extend(register, digest);
            extended++;
        }
        return register.equals(value) ? OptionalInt.of(extended) : OptionalInt.empty();
    }

    private static Bytes extended(List<Bytes> digests) {
        return digests.stream().reduce(Bytes.zeros(LENGTH), Replay::extend);
    }

    private static Bytes extend(Bytes register, Bytes digest) {
        return Bytes.concat(register, digest).sha384();
    }
}
