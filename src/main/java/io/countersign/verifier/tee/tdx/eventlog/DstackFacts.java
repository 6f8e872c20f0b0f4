package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.DstackRecord;
import io.countersign.verifier.tee.tdx.eventlog.MeasuredLog.Measured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What dstack measured while it set a guest up. After "system-ready" applications record events of their own, with whatever
 * name they like, so only what stands before it counts; and only where all of it is explained, so that nothing is hidden.
 */
final class DstackFacts {
    private static final String READY = "system-ready";

    private final Map<String, Bytes> payloads;

    private DstackFacts(Map<String, Bytes> payloads) {
        this.payloads = payloads;
    }

    static DstackFacts of(List<Measured> rtmr3) {
        var payloads = new HashMap<String, Bytes>();
        Set<String> twice = new HashSet<>();
        for (Measured measured : rtmr3) {
            if (!(measured.meaning() instanceof DstackRecord(String name, Bytes payload))) {
                return new DstackFacts(Map.of());
            }
            if (name.equals(READY)) {
                break;
            }
            if (payloads.put(name, payload) != null) {
                twice.add(name);
            }
        }
        twice.forEach(payloads::remove);
        return new DstackFacts(Map.copyOf(payloads));
    }

    /** The payload of the event that stands exactly once in the set-up, as lowercase hex. */
    Optional<String> hex(String name) {
        return payload(name).map(Bytes::toString);
    }

    Optional<String> text(String name) {
        return payload(name).flatMap(MeasuredText::of);
    }

    private Optional<Bytes> payload(String name) {
        return Optional.ofNullable(payloads.get(name))
                .filter(payload -> payload.length() > 0 && payload.length() <= MeasuredText.MAX_LENGTH);
    }

    /** All of RTMR3 as text, application's events included; nothing when a part of it is not known. */
    static Optional<List<String>> records(List<Measured> rtmr3) {
        var records = new ArrayList<String>();
        for (Measured measured : rtmr3) {
            switch (measured.meaning()) {
                case DstackRecord(String name, Bytes payload) -> records.add(name + "=" + payload);
                case Meaning.RuntimeRecord(String text) -> records.add(text);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return records.isEmpty() ? Optional.empty() : Optional.of(records);
    }
}
