package io.countersign.testkit;

import io.countersign.insecure.SoftwareQuote;
import io.countersign.insecure.TdField;
import io.countersign.testkit.SoftwareEventLog.Entry;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Logs beside a quote: such that replay to its registers, and such that do not. */
final class IntelEventLogCases {
    private static final String CHECK = "tdx.event-log";
    private static final List<TdField> REGISTERS = List.of(TdField.RTMR0, TdField.RTMR1, TdField.RTMR2, TdField.RTMR3);
    private static final SoftwareEventLog LOG =
            SoftwareEventLog.grubGuest("/vmlinuz root=/dev/mapper/root ro console=ttyS0");

    /** Where the digest count of the first event stands that was measured. */
    private static final int FIRST_COUNT = 32 + 33 + 8;

    private IntelEventLogCases() {}

    static List<IntelCase> all() {
        var cases = new ArrayList<IntelCase>();
        cases.addAll(replayed());
        cases.addAll(different());
        cases.addAll(damaged());
        return cases;
    }

    private static List<IntelCase> replayed() {
        var withRuntimeRecord =
                with(LOG, entries -> entries.add(SoftwareEventLog.runtimeRecord("laboratory started workload")));
        var withNoAction = with(
                LOG,
                entries -> entries.add(
                        1, new Entry(0, SoftwareEventLog.NO_ACTION, Bytes.zeros(48), Bytes.utf8("SP800-155 Event"))));
        var relabelled = with(
                LOG,
                entries -> entries.replaceAll(entry -> entry.data().toUtf8().startsWith("kernel_cmdline")
                        ? entry.labelled(Bytes.utf8("kernel_cmdline: /vmlinuz harmless\0"))
                        : entry));
        var dstack = with(LOG, entries -> {
            entries.add(SoftwareEventLog.dstack("app-id", Bytes.fromHex("0123456789abcdef0123456789abcdef01234567")));
            entries.add(SoftwareEventLog.dstack(
                    "compose-hash", Bytes.utf8("compose").sha256()));
            entries.add(SoftwareEventLog.dstack("system-ready", Bytes.empty()));
        });
        return List.of(
                passes("event-log", "The log replays to RTMR0, RTMR1 and RTMR2", LOG, LOG.ccel()),
                passes(
                        "event-log-with-runtime-records",
                        "The log has records of RTMR3 too",
                        withRuntimeRecord,
                        withRuntimeRecord.ccel()),
                passes(
                        "event-log-padded-with-ones",
                        "The log's area is filled up with 0xFF",
                        LOG,
                        Bytes.concat(LOG.ccel(), Bytes.fromHex("ff".repeat(64)))),
                passes(
                        "event-log-padded-with-zeros",
                        "The log's area is filled up with zeros",
                        LOG,
                        Bytes.concat(LOG.ccel(), Bytes.zeros(64))),
                passes(
                        "event-log-with-no-action",
                        "A record that measures nothing stands between others",
                        withNoAction,
                        withNoAction.ccel()),
                passes(
                        "event-log-relabelled",
                        "A label claims another command line than the one that was measured",
                        LOG,
                        relabelled.ccel()),
                passes("event-log-of-dstack", "The log is dstack's JSON", dstack, dstack.json()),
                passes("event-log-without-records-of-rtmr3", "RTMR3 was extended without a record", LOG, LOG.ccel())
                        .quote(q -> registers(q, LOG)
                                .td(TdField.RTMR3, Bytes.utf8("extended").sha384())));
    }

    private static List<IntelCase> different() {
        var withRuntimeRecord =
                with(LOG, entries -> entries.add(SoftwareEventLog.runtimeRecord("laboratory started workload")));
        var cases = new ArrayList<IntelCase>();
        for (int i = 0; i < 3; i++) {
            TdField register = REGISTERS.get(i);
            cases.add(fails(
                            "event-log-of-another-rtmr" + i,
                            "The quote's RTMR%d is not what the log replays to".formatted(i),
                            LOG.ccel())
                    .quote(q ->
                            registers(q, LOG).td(register, Bytes.utf8("another").sha384())));
        }
        cases.add(fails(
                "event-log-of-another-rtmr3",
                "The log has a record of RTMR3 that the quote does not show",
                withRuntimeRecord.ccel()));
        cases.add(fails(
                "event-log-reordered",
                "Two events of the log changed places",
                with(LOG, entries -> Collections.swap(entries, 1, 2)).ccel()));
        cases.add(fails(
                "event-log-lacks-an-event",
                "An event is missing from the log",
                with(LOG, entries -> entries.remove(1)).ccel()));
        cases.add(fails(
                "event-log-with-an-event-too-many",
                "The log has an event that was not measured",
                with(LOG, entries -> entries.add(SoftwareEventLog.grubCommand("insmod cryptodisk")))
                        .ccel()));
        cases.add(fails(
                "event-log-command-line-exchanged",
                "The log holds another command line, digest included",
                SoftwareEventLog.grubGuest("/vmlinuz init=/bin/sh").ccel()));
        cases.add(fails(
                "event-log-renumbered",
                "The events of RTMR0 are told as RTMR1's",
                with(
                                LOG,
                                entries -> entries.replaceAll(entry -> entry.register() == 1
                                        ? new Entry(2, entry.type(), entry.digest(), entry.data())
                                        : entry))
                        .ccel()));
        cases.add(fails(
                "event-log-of-sha-256",
                "The log has SHA-256 digests only",
                LOG.ccel("Spec ID Event03\0", 0xB, Bytes.empty())));
        cases.add(fails("event-log-without-events", "The log has no event", new SoftwareEventLog(List.of()).ccel()));
        cases.add(
                fails("event-log-without-registers", "The quote's registers are zero, as under a paravisor", LOG.ccel())
                        .quote(q -> {
                            REGISTERS.forEach(register -> q.td(register, Bytes.zeros(48)));
                            return q;
                        }));
        cases.add(fails(
                        "event-log-without-events-and-registers",
                        "The log has no event, and the quote's registers are zero",
                        new SoftwareEventLog(List.of()).ccel())
                .quote(q -> {
                    REGISTERS.forEach(register -> q.td(register, Bytes.zeros(48)));
                    return q;
                }));
        return cases;
    }

    private static List<IntelCase> damaged() {
        Bytes log = LOG.ccel();
        return List.of(
                malformed(
                        "event-log-cut-off", "The log ends in the middle of an event", log.slice(0, log.length() - 5)),
                malformed(
                        "event-log-of-register-5",
                        "The log has an event of a register that there is not",
                        with(LOG, entries -> entries.add(SoftwareEventLog.separator(5)))
                                .ccel()),
                malformed(
                        "event-log-with-4-gi-digests",
                        "An event claims 0xFFFFFFFF digests",
                        patched(log, FIRST_COUNT, "ffffffff")),
                malformed(
                        "event-log-of-another-specification",
                        "The log names another specification",
                        LOG.ccel("Spec ID Event02\0", 0xC, Bytes.empty())),
                malformed(
                        "event-log-is-text",
                        "The log is no log",
                        Bytes.utf8("no log at all, but long enough to be one, says its length alone")));
    }

    private static IntelCase passes(String name, String what, SoftwareEventLog measured, Bytes log) {
        return new IntelCase(name, what)
                .quote(q -> registers(q, measured))
                .eventLog(log)
                .good()
                .also(CHECK, "passed");
    }

    /** The quote's registers are those of the usual log. */
    private static IntelCase fails(String name, String what, Bytes log) {
        return new IntelCase(name, what)
                .quote(q -> registers(q, LOG))
                .eventLog(log)
                .refusedByPolicy()
                .also(CHECK, "failed");
    }

    private static IntelCase malformed(String name, String what, Bytes log) {
        return new IntelCase(name, what).eventLog(log).problem("evidence-malformed");
    }

    private static SoftwareQuote registers(SoftwareQuote quote, SoftwareEventLog log) {
        for (int i = 0; i < REGISTERS.size(); i++) {
            quote.td(REGISTERS.get(i), log.rtmrs().get(i));
        }
        return quote;
    }

    private static SoftwareEventLog with(SoftwareEventLog log, Consumer<List<Entry>> change) {
        var entries = new ArrayList<>(log.entries());
        change.accept(entries);
        return new SoftwareEventLog(entries);
    }

    private static Bytes patched(Bytes bytes, int offset, String hex) {
        Bytes value = Bytes.fromHex(hex);
        return Bytes.concat(bytes.slice(0, offset), value, bytes.slice(offset + value.length(), bytes.length()));
    }
}
