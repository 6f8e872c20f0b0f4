package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.eventlog.Boot.Method;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.KernelCommandLine;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.LoaderCommand;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.PayloadParameters;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.SectionName;
import io.countersign.verifier.tee.tdx.eventlog.MeasuredLog.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells how a kernel was booted from the order of digests. Two ways at once, or one way twice, tell nothing. */
final class BootReader {
    /** Commands of GRUB that load a kernel: each measures the file next, then the command line. */
    private static final Pattern LOADS_A_KERNEL = Pattern.compile("(linux|multiboot|xen)\\S*(\\s.*)?", Pattern.DOTALL);

    private static final Pattern LOADS_ONE_INITRD = Pattern.compile("initrd\\S*\\s+\\S+\\s*");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** How the EFI stub of Linux labels what it measures; older kernels leave out the eight bytes of the tag's header. */
    private static final Bytes LOAD_OPTIONS = Bytes.utf8("LOADED_IMAGE::LoadOptions\0");

    private static final Bytes LINUX_INITRD = Bytes.utf8("Linux initrd\0");

    private BootReader() {}

    static Optional<Boot> read(MeasuredLog log) {
        List<Boot> found = new ArrayList<>();
        grub(log.rtmr(2)).ifPresent(found::add);
        efiStub(log).ifPresent(found::add);
        systemdStub(log.rtmr(2)).ifPresent(found::add);
        tdShim(log).ifPresent(found::add);
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The digests of a unified kernel image's sections: each follows the digest of its name, which is known. */
    static Map<String, Bytes> sections(List<Measured> rtmr2) {
        var sections = new LinkedHashMap<String, Bytes>();
        Set<String> twice = new LinkedHashSet<>();
        for (int i = 0; i + 1 < rtmr2.size(); i++) {
            if (rtmr2.get(i).meaning() instanceof SectionName(String name)) {
                if (sections.put(name, rtmr2.get(i + 1).digest()) != null) {
                    twice.add(name);
                }
                i++;
            }
        }
        twice.forEach(sections::remove);
        return sections;
    }

    private static Optional<Boot> systemdStub(List<Measured> rtmr2) {
        Map<String, Bytes> sections = sections(rtmr2);
        return Optional.ofNullable(sections.get(".linux"))
                .map(kernel -> new Boot(
                        Method.SYSTEMD_STUB,
                        Optional.of(kernel),
                        Optional.ofNullable(sections.get(".initrd")),
                        Optional.empty(),
                        Optional.ofNullable(sections.get(".cmdline"))));
    }

    /**
     * A kernel that the firmware started itself. RTMR2 then holds the load options and after them the initrd, and nothing
     * else: the order cannot be changed, so the two cannot be exchanged either.
     */
    private static Optional<Boot> efiStub(MeasuredLog log) {
        List<Measured> rtmr2 = log.rtmr(2);
        boolean shape = !rtmr2.isEmpty()
                && rtmr2.size() <= 2
                && isTagged(rtmr2.getFirst(), LOAD_OPTIONS)
                && (rtmr2.size() == 1 || isTagged(rtmr2.getLast(), LINUX_INITRD));
        if (!shape) {
            return Optional.empty();
        }
        List<Bytes> images = log.rtmr(1).stream()
                .filter(Measured::unexplained)
                .map(Measured::digest)
                .toList();
        return Optional.of(new Boot(
                Method.EFI_STUB,
                images.size() == 1 ? Optional.of(images.getFirst()) : Optional.empty(),
                rtmr2.size() == 2 ? Optional.of(rtmr2.getLast().digest()) : Optional.empty(),
                Optional.empty(),
                Optional.of(rtmr2.getFirst().digest())));
    }

    private static boolean isTagged(Measured measured, Bytes label) {
        Bytes data = measured.event().data();
        return measured.unexplained()
                && (data.equals(label)
                        || data.length() == 8 + label.length()
                                && data.slice(8, data.length()).equals(label));
    }

    private static Optional<Boot> tdShim(MeasuredLog log) {
        List<Measured> parameters = log.rtmr(1).stream()
                .filter(measured -> measured.meaning() instanceof PayloadParameters)
                .toList();
        if (parameters.size() != 1 || !(parameters.getFirst().meaning() instanceof PayloadParameters(String text))) {
            return Optional.empty();
        }
        List<Bytes> blobs = log.rtmr(1).stream()
                .filter(Measured::unexplained)
                .map(Measured::digest)
                .toList();
        return Optional.of(new Boot(
                Method.TD_SHIM,
                blobs.size() == 1 ? Optional.of(blobs.getFirst()) : Optional.empty(),
                Optional.empty(),
                Optional.of(text),
                Optional.of(parameters.getFirst().digest())));
    }

    /**
     * Every command that loads a kernel must be followed by the kernel and by its command line, every command line must come
     * from one, and all must be the same: a log in which one of them is missing or another text takes its place tells nothing.
     */
    private static Optional<Boot> grub(List<Measured> rtmr2) {
        Set<Bytes> kernels = new LinkedHashSet<>();
        Set<Measured> lines = new LinkedHashSet<>();
        Set<String> texts = new LinkedHashSet<>();
        for (int i = 0; i < rtmr2.size(); i++) {
            switch (rtmr2.get(i).meaning()) {
                case LoaderCommand(String command)
                when LOADS_A_KERNEL.matcher(command).matches() -> {
                    if (i + 2 >= rtmr2.size()
                            || !rtmr2.get(i + 1).unexplained()
                            || !(rtmr2.get(i + 2).meaning() instanceof KernelCommandLine(String line))
                            || !pathOf(line).equals(argument(command))) {
                        return Optional.empty();
                    }
                    kernels.add(rtmr2.get(i + 1).digest());
                    lines.add(rtmr2.get(i + 2));
                }
                case KernelCommandLine(String line) -> texts.add(line);
                default -> {}
            }
        }
        if (texts.size() != 1 || kernels.size() != 1 || lines.size() != commandLines(rtmr2)) {
            return Optional.empty();
        }
        return Optional.of(new Boot(
                Method.GRUB,
                Optional.of(kernels.iterator().next()),
                initrd(rtmr2),
                Optional.of(texts.iterator().next()),
                Optional.of(lines.iterator().next().digest())));
    }

    private static long commandLines(List<Measured> rtmr2) {
        return rtmr2.stream()
                .filter(measured -> measured.meaning() instanceof KernelCommandLine)
                .count();
    }

    /** The one file that the one command to load an initrd names; several files or commands leave it open. */
    private static Optional<Bytes> initrd(List<Measured> rtmr2) {
        List<Integer> commands = new ArrayList<>();
        for (int i = 0; i < rtmr2.size(); i++) {
            if (rtmr2.get(i).meaning() instanceof LoaderCommand(String text) && text.startsWith("initrd")) {
                commands.add(i);
            }
        }
        if (commands.size() != 1) {
            return Optional.empty();
        }
        int at = commands.getFirst();
        boolean oneFile = rtmr2.get(at).meaning() instanceof LoaderCommand(String text)
                && LOADS_ONE_INITRD.matcher(text).matches()
                && at + 1 < rtmr2.size()
                && rtmr2.get(at + 1).unexplained()
                && (at + 2 == rtmr2.size() || !rtmr2.get(at + 2).unexplained());
        return oneFile ? Optional.of(rtmr2.get(at + 1).digest()) : Optional.empty();
    }

    private static String pathOf(String commandLine) {
        return SPACE.split(commandLine, 2)[0];
    }

    private static String argument(String command) {
        String[] words = SPACE.split(command, 3);
        return words.length < 2 ? "" : words[1];
    }
}
