package io.countersign.verifier.tee.tdx.eventlog;

import static io.countersign.testkit.SoftwareEventLog.IPL;
import static io.countersign.testkit.SoftwareEventLog.application;
import static io.countersign.testkit.SoftwareEventLog.blob;
import static io.countersign.testkit.SoftwareEventLog.grubCommand;
import static io.countersign.testkit.SoftwareEventLog.grubLoads;
import static io.countersign.testkit.SoftwareEventLog.section;
import static io.countersign.testkit.SoftwareEventLog.secureBoot;
import static io.countersign.verifier.tee.tdx.eventlog.Logs.claim;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareEventLog.Entry;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Claims;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Types, labels and data of a log are anybody's to change; digests and their order are not. */
class RelabellingTest {
    private static final String GOOD = "/vmlinuz root=/dev/mapper/root roothash=" + "ab".repeat(32);
    private static final String EVIL = "/vmlinuz root=/dev/vda1 init=/bin/sh";
    private static final SoftwareEventLog GUEST = SoftwareEventLog.grubGuest(GOOD);

    @Test
    void theHonestLogMakesTheClaims() throws EvidenceException {
        Claims claims = Logs.claims(GUEST.ccel());
        assertEquals(Optional.of(GOOD), claim(claims, "kernel_cmdline"));
        assertEquals(Optional.of("ab".repeat(32)), claim(claims, "root_hash"));
        assertEquals(Optional.of(true), claim(claims, "secure_boot"));
        assertEquals(hex("kernel"), claim(claims, "kernel_digest"));
        assertEquals(hex("initrd"), claim(claims, "initrd_digest"));
        assertEquals(
                Optional.of(List.of(
                        SoftwareEventLog.image("shim").sha384().toString(),
                        SoftwareEventLog.image("grub").sha384().toString())),
                claim(claims, "boot_applications"));
    }

    @Test
    void textThatWasNotMeasuredIsNoClaim() throws EvidenceException {
        int at = indexOf(SoftwareEventLog.grubCommandLine(GOOD));
        Claims claims = Logs.claims(
                relabelled(at, Bytes.utf8("kernel_cmdline: " + EVIL + "\0")).ccel());
        assertEquals(Optional.empty(), claim(claims, "kernel_cmdline"));
        assertEquals(Optional.empty(), claim(claims, "root_hash"));
        assertTrue(texts(claims, "unexplained.rtmr2")
                .contains(Bytes.utf8(GOOD).sha384().toString()));
        assertFalse(claims.byPath().toString().contains("/bin/sh"));
    }

    @Test
    void everyChangedLabelOnlyTakesClaimsAway() throws EvidenceException {
        Map<String, Object> honest = Logs.claims(GUEST.ccel()).byPath();
        List<Bytes> labels = List.of(
                Bytes.empty(),
                Bytes.utf8("kernel_cmdline: " + EVIL + "\0"),
                Bytes.utf8("grub_cmd: linux " + EVIL + "\0"),
                Bytes.utf8("EFI PART"),
                Bytes.utf8("LOADED_IMAGE::LoadOptions\0"),
                secureBoot(false).data());
        for (int i = 0; i < GUEST.entries().size(); i++) {
            for (Bytes label : labels) {
                Map<String, Object> found =
                        Logs.claims(relabelled(i, label).ccel()).byPath();
                found.forEach((path, value) -> {
                    boolean grows = path.contains("unexplained") || path.endsWith("grub_commands");
                    assertTrue(grows || value.equals(honest.get(path)), () -> path + " became " + value);
                });
                assertFalse(found.toString().contains("/bin/sh"));
            }
        }
    }

    @Test
    void typesDecideNothingButWhetherAChainIsComplete() throws EvidenceException {
        Map<String, Object> honest = Logs.claims(GUEST.ccel()).byPath();
        for (int i = 0; i < GUEST.entries().size(); i++) {
            for (long type : List.of(SoftwareEventLog.ACTION, SoftwareEventLog.APPLICATION, SoftwareEventLog.IPL)) {
                var entries = new ArrayList<>(GUEST.entries());
                entries.set(i, entries.get(i).typed(type));
                Map<String, Object> found =
                        Logs.claims(new SoftwareEventLog(entries).ccel()).byPath();
                found.forEach((path, value) -> assertEquals(honest.get(path), value, path));
                var missing = new ArrayList<>(honest.keySet());
                missing.removeAll(found.keySet());
                assertTrue(missing.isEmpty() || missing.equals(List.of("tdx.event_log.boot_applications")));
            }
        }
    }

    /** A file that holds a good command line has the digest of one; the real one then has to hide somewhere. */
    @Test
    void aFileThatPassesForTheCommandLineLeavesTheRealOneUnexplained() throws EvidenceException {
        // What the loader measured: the evil command line, then three files of the attacker's choice.
        var measured = boot(EVIL);
        for (Entry bait : grubLoads(GOOD, "kernel")) {
            measured.add(new Entry(3, IPL, bait.digest(), Bytes.utf8("/boot/bait\0")));
        }
        Claims honest = Logs.claims(new SoftwareEventLog(measured).ccel());
        assertEquals(Optional.of(EVIL), claim(honest, "kernel_cmdline"));

        // With the bait labelled as commands, both are there: no claim.
        var both = boot(EVIL);
        both.addAll(grubLoads(GOOD, "kernel"));
        Claims ambiguous = Logs.claims(new SoftwareEventLog(both).ccel());
        assertEquals(Optional.empty(), claim(ambiguous, "kernel_cmdline"));
        assertEquals(Optional.empty(), claim(ambiguous, "root_hash"));
        assertEquals(List.of(EVIL, GOOD), texts(ambiguous, "command_lines"));

        // With the evil one labelled as a file, its digest stands where an allow-list finds it.
        var hidden = new ArrayList<Entry>();
        boot(EVIL)
                .forEach(entry -> hidden.add(
                        entry.register() == 3 && entry.data().toUtf8().contains("/bin/sh")
                                ? entry.labelled(Bytes.utf8("/boot/grub/grub.cfg\0"))
                                : entry));
        hidden.addAll(grubLoads(GOOD, "kernel"));
        Claims concealed = Logs.claims(new SoftwareEventLog(hidden).ccel());
        assertTrue(texts(concealed, "unexplained.rtmr2")
                .contains(Bytes.utf8(EVIL).sha384().toString()));

        // Passed off as a command it is still a command line.
        var disguised = new ArrayList<Entry>();
        boot(EVIL)
                .forEach(entry -> disguised.add(
                        entry.data().toUtf8().startsWith("kernel_cmdline")
                                ? entry.labelled(Bytes.utf8("grub_cmd: " + EVIL + "\0"))
                                : entry));
        disguised.addAll(grubLoads(GOOD, "kernel"));
        assertEquals(Optional.empty(), claim(Logs.claims(new SoftwareEventLog(disguised).ccel()), "kernel_cmdline"));
    }

    @Test
    void aCommandThatLoadsAKernelWithoutItsCommandLineLeavesItOpen() throws EvidenceException {
        for (String command :
                List.of("linux vmlinuz evil", "linuxefi /other", "multiboot2 /xen", "linux", "linux\n/x")) {
            var entries = boot(GOOD);
            entries.add(grubCommand(command));
            assertEquals(
                    Optional.empty(),
                    claim(Logs.claims(new SoftwareEventLog(entries).ccel()), "kernel_cmdline"),
                    command);
        }
    }

    @Test
    void theSameKernelLoadedAgainChangesNothingAndAnotherKernelLeavesItOpen() throws EvidenceException {
        var again = boot(GOOD);
        again.addAll(grubLoads(GOOD, "kernel"));
        assertEquals(Optional.of(GOOD), claim(Logs.claims(new SoftwareEventLog(again).ccel()), "kernel_cmdline"));
        var other = boot(GOOD);
        other.addAll(grubLoads(GOOD, "another kernel"));
        assertEquals(Optional.empty(), claim(Logs.claims(new SoftwareEventLog(other).ccel()), "boot_method"));
    }

    @Test
    void secureBootCannotBeHiddenBehindALaterValue() throws EvidenceException {
        Entry off = secureBoot(false);
        for (Bytes label : List.of(off.data(), Bytes.utf8("ACPI DATA"))) {
            var entries = new ArrayList<Entry>(List.of(off.labelled(label)));
            entries.add(secureBoot(true));
            entries.add(SoftwareEventLog.separator(1));
            assertEquals(Optional.empty(), claim(Logs.claims(new SoftwareEventLog(entries).ccel()), "secure_boot"));
        }
        var relabelled =
                new SoftwareEventLog(List.of(off.labelled(secureBoot(true).data())));
        assertEquals(Optional.of(false), claim(Logs.claims(relabelled.ccel()), "secure_boot"));
    }

    @Test
    void keyVariablesCountOnlyWhereTheFirmwareMeasuresThem() throws EvidenceException {
        Entry forged = SoftwareEventLog.keyVariable("db", Bytes.utf8("what a policy wants to see"));
        var entries = new ArrayList<>(GUEST.entries());
        entries.set(4, entries.get(4).labelled(Bytes.utf8("ACPI DATA")));
        entries.add(forged);
        Claims claims = Logs.claims(new SoftwareEventLog(entries).ccel());
        assertEquals(Optional.empty(), claim(claims, "secure_boot_variables.db"));
        assertEquals(
                Optional.of(GUEST.entries().get(5).digest().toString()), claim(claims, "secure_boot_variables.dbx"));
    }

    @Test
    void anImageIsNotExplainedAway() throws EvidenceException {
        Entry evil = application("rootkit");
        Bytes image = SoftwareEventLog.image("rootkit");
        byte[] order = "BootOrder".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
        Bytes asVariable = Bytes.concat(
                UefiVariable.GLOBAL,
                Bytes.copyOf((byte) 9).zeroPaddedTo(8),
                Bytes.copyOf((byte) image.length()).zeroPaddedTo(8),
                Bytes.copyOf(order),
                image);
        for (Bytes label : List.of(
                image,
                asVariable,
                Bytes.concat(Bytes.utf8("td_payload_info\0\0\0\0\0"), image),
                Bytes.utf8("EFI PARTMZ"))) {
            for (long type : List.of(SoftwareEventLog.ACTION, 0x80000002L, SoftwareEventLog.GPT, 0xAL)) {
                var entries = new ArrayList<>(GUEST.entries());
                entries.add(10, evil.labelled(label).typed(type));
                Claims claims = Logs.claims(new SoftwareEventLog(entries).ccel());
                assertEquals(Optional.empty(), claim(claims, "boot_applications"));
                if (!label.toUtf8().startsWith("td_payload")) {
                    assertTrue(texts(claims, "unexplained.rtmr1")
                            .contains(evil.digest().toString()));
                }
            }
        }
    }

    @Test
    void sectionsAreFoundByTheDigestsOfTheirNamesAlone() throws EvidenceException {
        var entries = new ArrayList<Entry>(section(".linux", Bytes.utf8("kernel")));
        entries.addAll(section(".cmdline", Bytes.utf8("quiet")));
        var log = new SoftwareEventLog(entries);
        Claims claims = Logs.claims(log.ccel());
        assertEquals(Optional.of("systemd-stub"), claim(claims, "boot_method"));
        assertEquals(hex("quiet"), claim(claims, "systemd_stub.cmdline"));
        var bare = new SoftwareEventLog(
                entries.stream().map(entry -> entry.labelled(Bytes.empty())).toList());
        assertEquals(claims.byPath(), Logs.claims(bare.ccel()).byPath());

        entries.addAll(section(".cmdline", Bytes.utf8("init=/bin/sh")));
        Claims twice = Logs.claims(new SoftwareEventLog(entries).ccel());
        assertEquals(Optional.empty(), claim(twice, "systemd_stub.cmdline"));
        assertEquals(Optional.empty(), claim(twice, "kernel_cmdline_digest"));
    }

    @Test
    void loadOptionsAndInitrdCannotChangePlaces() throws EvidenceException {
        Bytes options = Bytes.utf8("LOADED_IMAGE::LoadOptions\0");
        Bytes initrd = Bytes.utf8("Linux initrd\0");
        Entry first =
                new Entry(3, SoftwareEventLog.EVENT_TAG, Bytes.utf8("evil").sha384(), options);
        Entry second =
                new Entry(3, SoftwareEventLog.EVENT_TAG, Bytes.utf8("good").sha384(), initrd);
        Claims honest = Logs.claims(new SoftwareEventLog(List.of(application("k"), first, second)).ccel());
        assertEquals(hex("evil"), claim(honest, "kernel_cmdline_digest"));
        assertEquals(hex("good"), claim(honest, "initrd_digest"));
        for (var labels : List.of(List.of(initrd, options), List.of(Bytes.utf8("MokList\0"), options))) {
            var log = new SoftwareEventLog(
                    List.of(application("k"), first.labelled(labels.get(0)), second.labelled(labels.get(1))));
            assertEquals(Optional.empty(), claim(Logs.claims(log.ccel()), "kernel_cmdline_digest"));
        }
    }

    @Test
    void aListIsWholeOrAbsent() throws EvidenceException {
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < 256; i++) {
            entries.add(blob(3, IPL, "/file" + i, Bytes.utf8("content " + i)));
        }
        assertEquals(
                256,
                texts(Logs.claims(new SoftwareEventLog(entries).ccel()), "unexplained.rtmr2")
                        .size());
        entries.add(blob(3, IPL, "/one more", Bytes.utf8("and its content")));
        assertEquals(Optional.empty(), claim(Logs.claims(new SoftwareEventLog(entries).ccel()), "unexplained.rtmr2"));
    }

    @Test
    void textThatReadsWronglyOrIsTooLongStaysUnexplained() throws EvidenceException {
        for (String command : List.of("echo \u202Egnp.exe", "echo \u0007", "echo " + "x".repeat(4096), "echo \0more")) {
            Bytes measured = Bytes.utf8(command);
            var entry = new Entry(
                    3, IPL, measured.sha384(), Bytes.concat(Bytes.utf8("grub_cmd: "), measured, Bytes.zeros(1)));
            Claims claims = Logs.claims(new SoftwareEventLog(List.of(entry)).ccel());
            assertEquals(List.of(entry.digest().toString()), texts(claims, "unexplained.rtmr2"));
            assertEquals(Optional.empty(), claim(claims, "grub_commands"));
        }
    }

    private static List<Entry> boot(String commandLine) {
        return new ArrayList<>(SoftwareEventLog.grubGuest(commandLine).entries());
    }

    private static int indexOf(Entry entry) {
        return GUEST.entries().indexOf(entry);
    }

    private static SoftwareEventLog relabelled(int at, Bytes data) {
        var entries = new ArrayList<>(GUEST.entries());
        entries.set(at, entries.get(at).labelled(data));
        return new SoftwareEventLog(entries);
    }

    private static Optional<Object> hex(String content) {
        return Optional.of(Bytes.utf8(content).sha384().toString());
    }

    private static List<?> texts(Claims claims, String name) {
        return (List<?>) claim(claims, name).orElseThrow(() -> new AssertionError(name + " is absent"));
    }
}
