package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares a log with the registers of a quote. RTMR0 to RTMR2 must be what the log replays to, no event being a statement
 * too. RTMR3 is compared where the log has events of it: Linux lets a guest extend it without writing a record.
 */
public final class EventLogJudge {
    private static final int ALWAYS_COMPARED = 3;

    private EventLogJudge() {}

    /** The quoted registers are RTMR0 to RTMR3. */
    public static Outcome judge(Optional<EventLog> log, List<Bytes> quotedRtmrs) {
        if (quotedRtmrs.size() != Replay.REGISTERS) {
            throw new IllegalArgumentException("a TD has four RTMRs, not " + quotedRtmrs.size());
        }
        if (log.isEmpty()) {
            return new Outcome.Undetermined(
                    "an event log beside the quote; nothing rests on one unless the policy reads it",
                    Outcome.Cause.NOT_ASKED,
                    "If the policy does, send the guest's /sys/firmware/acpi/tables/data/CCEL, or dstack's event log, as event_log.");
        }
        Optional<Replay> replay = log.get().replay();
        if (replay.isEmpty()) {
            return new Outcome.Failed(
                    "a SHA-384 digest in every measured event, because TDX extends its registers with these",
                    "an event without one",
                    "The log is of another kind of machine, or of firmware that does not write SHA-384: send the CCEL of"
                            + " the guest that made the quote.");
        }
        return judge(replay.get(), quotedRtmrs);
    }

    /** Whether a log says what a register was extended with: always RTMR0 to RTMR2, RTMR3 where it has events of it. */
    static boolean covers(EventLog log, int rtmr) {
        return rtmr < ALWAYS_COMPARED || log.holdsEventsOf(rtmr);
    }

    private static Outcome judge(Replay replay, List<Bytes> quoted) {
        // An empty log would agree with the unused registers of a TD under a paravisor, and prove nothing.
        if (IntStream.range(0, Replay.REGISTERS).allMatch(rtmr -> replay.count(rtmr) == 0)) {
            return new Outcome.Failed(
                    "a log of what RTMR0 to RTMR2 were extended with",
                    "a log without a single measured event",
                    unused(quoted)
                            ? UNUSED
                            : "Read the log again: /sys/firmware/acpi/tables/data/CCEL must be read by root and as a whole.");
        }
        List<Integer> different = compared(replay)
                .filter(rtmr -> !replay.values().get(rtmr).equals(quoted.get(rtmr)))
                .boxed()
                .toList();
        if (!different.isEmpty()) {
            return new Outcome.Failed(
                    different.stream()
                            .map(rtmr -> "RTMR%d %s".formatted(rtmr, quoted.get(rtmr)))
                            .collect(Collectors.joining(", ", "the quote's ", "")),
                    different.stream()
                            .map(rtmr ->
                                    "RTMR%d %s".formatted(rtmr, replay.values().get(rtmr)))
                            .collect(Collectors.joining(", ", "the log replays to ", "")),
                    hint(replay, quoted, different.getFirst()));
        }
        return new Outcome.Passed("The log replays to %s as quoted%s."
                .formatted(
                        names(compared(replay)),
                        replay.count(3) > 0 ? "" : "; RTMR3 is not covered, because the log has no event of it"));
    }

    private static final String UNUSED =
            "The quote's RTMR0 to RTMR2 are zero: a TD under a paravisor, as on Azure, does not use them. Its measurements are"
                    + " in the vTPM: send azure-tdx-vtpm evidence, or leave the log out.";

    private static String hint(Replay replay, List<Bytes> quoted, int first) {
        if (unused(quoted)) {
            return UNUSED;
        }
        OptionalInt reached = replay.reachedAfter(first, quoted.get(first));
        if (reached.isPresent()) {
            return "RTMR%d had the quoted value after %d of the log's %d events of it: the log is newer than the quote. Read the log first, make the quote after it, extend nothing in between, and send both."
                    .formatted(first, reached.getAsInt(), replay.count(first));
        }
        if (replay.count(first) == 0) {
            return "The log has no event of RTMR%d, but the register was extended: part of the log is missing."
                    .formatted(first);
        }
        return first == 3
                ? "RTMR3 was extended without a record in the log, or the log is of another start of this guest: record every"
                        + " extension, or leave the records of RTMR3 out."
                : "Look at RTMR%d first: the log is of another guest or of another start of this one, or events of it are missing, changed or in another order."
                        .formatted(first);
    }

    private static boolean unused(List<Bytes> quoted) {
        return quoted.subList(0, ALWAYS_COMPARED).stream().allMatch(Bytes::isAllZero);
    }

    private static IntStream compared(Replay replay) {
        return IntStream.range(0, Replay.REGISTERS).filter(rtmr -> rtmr < ALWAYS_COMPARED || replay.count(rtmr) > 0);
    }

    private static String names(IntStream rtmrs) {
        return rtmrs.mapToObj(rtmr -> "RTMR" + rtmr).collect(Collectors.joining(", "));
    }
}
