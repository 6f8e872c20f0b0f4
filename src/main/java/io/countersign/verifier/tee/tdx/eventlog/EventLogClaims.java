package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.KernelCommandLine;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.KeyVariable;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.LoaderCommand;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.SecureBoot;
import io.countersign.verifier.tee.tdx.eventlog.MeasuredLog.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a replayed log proves, as claims. A replay proves the digests of a register and their order, never labels: every text
 * here is one whose digest was measured, every choice between digests rests on their order, and where the log leaves room for
 * two readings the claim is absent. A list is whole or absent, so that "all of them are known" cannot be met by a part.
 *
 * <p>Texts and files get into RTMR2 by what the loader is told to read and run. A rule on the command line therefore belongs
 * beside rules on who measured it ({@code boot_applications}) and on everything that the log does not explain
 * ({@code unexplained.rtmr2}): a loader that reads a file measures it just like a command line of the same bytes, and only the
 * digest that would have to be hidden for it tells the two apart.
 */
public final class EventLogClaims {
    private static final ClaimType FLAG = new ClaimType.Flag();
    private static final ClaimType NUMBER = new ClaimType.UnsignedInteger();
    private static final ClaimType TEXT = new ClaimType.Text();
    private static final ClaimType TEXTS = new ClaimType.TextList();
    private static final ClaimType DIGEST = new ClaimType.Hex(48);
    private static final String PREFIX = "tdx.event_log.";
    private static final int MOST_ITEMS = 256;
    private static final int MOST_CHARACTERS = 32 * 1024;

    private static final List<Line> LINES = new Lines().all();

    private record Facts(
            EventLog log, MeasuredLog measured, Optional<Boot> boot, Map<String, Bytes> sections, DstackFacts dstack) {
        static Facts of(EventLog log) {
            var measured = MeasuredLog.of(log);
            return new Facts(
                    log,
                    measured,
                    BootReader.read(measured),
                    BootReader.sections(measured.rtmr(2)),
                    DstackFacts.of(measured.rtmr(3)));
        }
    }

    /** A claim and where its value comes from; without a value the claim is absent. */
    private record Line(ClaimDefinition definition, Function<Facts, Optional<? extends Object>> value) {}

    private EventLogClaims() {}

    /** Every claim that an event log can make, under {@code tdx.event_log.}. */
    public static List<ClaimDefinition> definitions() {
        return LINES.stream().map(Line::definition).toList();
    }

    /** Fills in what the log proves, and nothing when the judgement on it does not admit it. */
    public static void fill(EventLog log, Outcome judgement, Claims.Builder claims) {
        if (!judgement.admits() || log.replay().isEmpty()) {
            return;
        }
        var facts = Facts.of(log);
        for (Line line : LINES) {
            line.value()
                    .apply(facts)
                    .ifPresent(value -> claims.with(line.definition().path(), value));
        }
    }

    private static final class Lines {
        private final List<Line> lines = new ArrayList<>();

        List<Line> all() {
            log();
            firmware();
            boot();
            runtime();
            rest();
            return List.copyOf(lines);
        }

        private void log() {
            add(
                    "format",
                    ClaimType.Word.of(EventLog.Format.class, EventLog.Format::word),
                    "How the log is written: ccel or dstack.",
                    facts -> Optional.of(facts.log().format().word()));
            add(
                    "events",
                    NUMBER,
                    "How many measured events the log holds.",
                    facts -> Optional.of(facts.measured().registers().stream()
                            .mapToLong(List::size)
                            .sum()));
            add(
                    "covered",
                    TEXTS,
                    "The registers that the log was compared with: rtmr0 to rtmr2, and rtmr3 where it has"
                            + " events of it.",
                    facts -> Optional.of(names(facts.log(), true)));
            add(
                    "not_covered",
                    TEXTS,
                    "The registers about which the log says nothing.",
                    facts -> Optional.of(names(facts.log(), false)));
        }

        private void firmware() {
            add(
                    "secure_boot",
                    FLAG,
                    "SecureBoot as the firmware measured it into RTMR0; absent when it was measured with"
                            + " both values.",
                    EventLogClaims::secureBoot);
            for (String name : List.of("PK", "KEK", "db", "dbx")) {
                add(
                        "secure_boot_variables." + name.toLowerCase(java.util.Locale.ROOT),
                        DIGEST,
                        "SHA-384 of the UEFI_VARIABLE_DATA of " + name + ", in its place after SecureBoot in RTMR0.",
                        facts -> facts.measured().rtmr(0).stream()
                                .filter(each -> each.meaning().equals(new KeyVariable(name)))
                                .map(Measured::digest)
                                .findFirst());
            }
            add(
                    "boot_applications",
                    TEXTS,
                    "Authenticode SHA-384 digests of the images that the firmware started, in order,"
                            + " from RTMR1; absent when RTMR1 holds another digest that is not explained.",
                    EventLogClaims::bootApplications);
        }

        private void boot() {
            add(
                    "boot_method",
                    ClaimType.Word.of(Boot.Method.class, Boot.Method::word),
                    "How the kernel was booted: grub, efi-stub, systemd-stub or td-shim; absent when the"
                            + " log fits none or several.",
                    facts -> facts.boot().map(boot -> boot.method().word()));
            add(
                    "kernel_digest",
                    DIGEST,
                    "The kernel as measured: its file (grub), Authenticode digest (efi-stub), section"
                            + " .linux (systemd-stub) or payload (td-shim).",
                    facts -> facts.boot().flatMap(Boot::kernel));
            add(
                    "initrd_digest",
                    DIGEST,
                    "SHA-384 of the initrd: its one file (grub), what was loaded (efi-stub) or section"
                            + " .initrd (systemd-stub).",
                    facts -> facts.boot().flatMap(Boot::initrd));
            add(
                    "kernel_cmdline",
                    TEXT,
                    "The kernel's command line, whose digest was measured: grub (the kernel's path in"
                            + " front) and td-shim; rely on it beside boot_applications and unexplained.rtmr2.",
                    facts -> facts.boot().flatMap(Boot::commandLine));
            add(
                    "kernel_cmdline_digest",
                    DIGEST,
                    "SHA-384 of the command line as measured: text (grub), UTF-16 load options"
                            + " (efi-stub), section .cmdline (systemd-stub), 4096 padded bytes (td-shim).",
                    facts -> facts.boot().flatMap(Boot::commandLineDigest));
            add(
                    "root_hash",
                    TEXT,
                    "The dm-verity root hash of the root file system that kernel_cmdline names, lowercase"
                            + " hex; absent when it names none, several, or another root.",
                    facts -> facts.boot().flatMap(Boot::arguments).flatMap(CommandLine::rootHash));
            add(
                    "usr_hash",
                    TEXT,
                    "The dm-verity root hash of /usr that kernel_cmdline names, lowercase hex.",
                    facts -> facts.boot().flatMap(Boot::arguments).flatMap(CommandLine::usrHash));
            add(
                    "grub_commands",
                    TEXTS,
                    "What GRUB ran, as measured into RTMR2, in order.",
                    facts -> list(facts.measured()
                            .all(2, LoaderCommand.class)
                            .map(LoaderCommand::text)
                            .toList()));
            add(
                    "command_lines",
                    TEXTS,
                    "Every text measured into RTMR2 that reads like a kernel's command line of GRUB; more"
                            + " than one leave kernel_cmdline absent.",
                    facts -> list(facts.measured()
                            .all(2, KernelCommandLine.class)
                            .map(KernelCommandLine::text)
                            .toList()));
            for (String name : List.of("linux", "osrel", "cmdline", "initrd", "uname", "sbat")) {
                add(
                        "systemd_stub." + name,
                        DIGEST,
                        "SHA-384 of section ." + name + " of the unified kernel image; absent"
                                + " when it was measured twice.",
                        facts -> Optional.ofNullable(facts.sections().get("." + name)));
            }
        }

        private void runtime() {
            add(
                    "runtime_events",
                    TEXTS,
                    "Everything in RTMR3, in order: AAEL records \"domain operation content\", dstack's"
                            + " \"name=payload in hex\"; absent when one is not explained.",
                    facts -> DstackFacts.records(facts.measured().rtmr(3)).flatMap(EventLogClaims::list));
            for (String name :
                    List.of("app-id", "compose-hash", "instance-id", "os-image-hash", "rootfs-hash", "mr-kms")) {
                add(
                        "dstack." + name.replace('-', '_'),
                        TEXT,
                        "Payload of dstack's event " + name + " before system-ready,"
                                + " lowercase hex; absent when it stands there twice.",
                        facts -> facts.dstack().hex(name));
            }
            add(
                    "dstack.key_provider",
                    TEXT,
                    "Payload of dstack's event key-provider before system-ready, its JSON text.",
                    facts -> facts.dstack().text("key-provider"));
        }

        private void rest() {
            for (int i = 0; i < Replay.REGISTERS; i++) {
                int rtmr = i;
                add(
                        "unexplained.rtmr" + rtmr,
                        TEXTS,
                        "Digests in RTMR" + rtmr + ", in order, whose content the log does not"
                                + " hold or that no known kind explains; empty when all are explained.",
                        facts -> bounded(unexplained(facts, rtmr)));
            }
        }

        private void add(
                String name, ClaimType type, String meaning, Function<Facts, Optional<? extends Object>> value) {
            lines.add(new Line(new ClaimDefinition(PREFIX + name, type, meaning), value));
        }
    }

    private static List<String> names(EventLog log, boolean covered) {
        return IntStream.range(0, Replay.REGISTERS)
                .filter(rtmr -> EventLogJudge.covers(log, rtmr) == covered)
                .mapToObj(rtmr -> "rtmr" + rtmr)
                .toList();
    }

    private static Optional<Boolean> secureBoot(Facts facts) {
        List<Boolean> values = facts.measured()
                .all(0, SecureBoot.class)
                .map(SecureBoot::on)
                .distinct()
                .toList();
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** The type of an event is a label, but it can only take a digest out of the list, and then the list is absent. */
    private static Optional<List<String>> bootApplications(Facts facts) {
        List<Measured> unexplained =
                facts.measured().rtmr(1).stream().filter(Measured::unexplained).toList();
        return unexplained.stream().allMatch(each -> each.event().type() == EventType.BOOT_SERVICES_APPLICATION)
                ? list(unexplained(facts, 1))
                : Optional.empty();
    }

    private static List<String> unexplained(Facts facts, int rtmr) {
        return facts.measured().rtmr(rtmr).stream()
                .filter(Measured::unexplained)
                .map(each -> each.digest().toString())
                .toList();
    }

    private static Optional<List<String>> list(List<String> items) {
        return items.isEmpty() ? Optional.empty() : bounded(items);
    }

    private static Optional<List<String>> bounded(List<String> items) {
        return items.size() <= MOST_ITEMS
                        && items.stream().mapToInt(String::length).sum() <= MOST_CHARACTERS
                ? Optional.of(items)
                : Optional.empty();
    }
}
