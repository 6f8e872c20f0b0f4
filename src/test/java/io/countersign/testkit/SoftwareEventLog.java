package io.countersign.testkit;

import io.countersign.verifier.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes event logs as firmware would, and says what the registers are after it. Events can be given any digest, type and
 * data, whether they fit or not.
 */
public final class SoftwareEventLog {
    public static final long NO_ACTION = 3;
    public static final long SEPARATOR = 4;
    public static final long EVENT_TAG = 6;
    public static final long IPL = 0xD;
    public static final long VARIABLE = 0x80000001L;
    public static final long APPLICATION = 0x80000003L;
    public static final long GPT = 0x80000006L;
    public static final long ACTION = 0x80000007L;
    public static final long DSTACK = 0x08000001L;

    private static final int SHA384 = 0xC;
    private static final String GLOBAL = "61dfe48bca93d211aa0d00e098032b8c";
    private static final String SECURITY_DATABASE = "cbb219d73a3d9645a3bcdad00e67656f";

    private final List<Entry> entries;

    /**
     * One record.
     *
     * @param register 0 MRTD, 1 to 4 RTMR0 to RTMR3
     * @param name of a dstack event
     */
    public record Entry(int register, long type, Bytes digest, Bytes data, String name) {
        public Entry(int register, long type, Bytes digest, Bytes data) {
            this(register, type, digest, data, "");
        }

        public Entry labelled(Bytes other) {
            return new Entry(register, type, digest, other, name);
        }

        public Entry typed(long other) {
            return new Entry(register, other, digest, data, name);
        }
    }

    public SoftwareEventLog(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** An event whose digest is that of its data. */
    public static Entry whole(int register, long type, Bytes data) {
        return new Entry(register, type, data.sha384(), data);
    }

    /** An event of content that the log does not hold, only a label. */
    public static Entry blob(int register, long type, String label, Bytes content) {
        return new Entry(register, type, content.sha384(), Bytes.utf8(label + "\0"));
    }

    public static Entry separator(int register) {
        return whole(register, SEPARATOR, Bytes.zeros(4));
    }

    public static Entry action(String text) {
        return whole(2, ACTION, Bytes.utf8(text));
    }

    /** As much of an executable as matters here: how it begins, and bytes that are not text. */
    public static Bytes image(String name) {
        return Bytes.utf8("MZ\0\0PE" + name);
    }

    /** An image that the firmware starts; the digest stands for an Authenticode one. */
    public static Entry application(String image) {
        return new Entry(2, APPLICATION, image(image).sha384(), Bytes.utf8("device path"));
    }

    public static Entry grubCommand(String command) {
        return new Entry(3, IPL, Bytes.utf8(command).sha384(), Bytes.utf8("grub_cmd: " + command + "\0"));
    }

    public static Entry grubCommandLine(String line) {
        return new Entry(3, IPL, Bytes.utf8(line).sha384(), Bytes.utf8("kernel_cmdline: " + line + "\0"));
    }

    /** What GRUB measures when it loads a kernel: the command, the file, the command line. */
    public static List<Entry> grubLoads(String line, String kernel) {
        String path = line.split(" ", 2)[0];
        return List.of(grubCommand("linux " + line), blob(3, IPL, path, Bytes.utf8(kernel)), grubCommandLine(line));
    }

    public static Entry secureBoot(boolean on) {
        return variable(GLOBAL, "SecureBoot", Bytes.fromHex(on ? "01" : "00"));
    }

    /** PK, KEK, db or dbx. */
    public static Entry keyVariable(String name, Bytes data) {
        return variable(name.startsWith("db") ? SECURITY_DATABASE : GLOBAL, name, data);
    }

    private static Entry variable(String vendor, String name, Bytes data) {
        byte[] wide = name.getBytes(StandardCharsets.UTF_16LE);
        return whole(
                1,
                VARIABLE,
                Bytes.concat(
                        Bytes.fromHex(vendor), u64(wide.length / 2), u64(data.length()), Bytes.copyOf(wide), data));
    }

    /** A section as systemd-stub measures it: its name, then its content. */
    public static List<Entry> section(String name, Bytes content) {
        Bytes label = Bytes.copyOf((name + "\0").getBytes(StandardCharsets.UTF_16LE));
        return List.of(
                new Entry(3, IPL, Bytes.utf8(name + "\0").sha384(), label), new Entry(3, IPL, content.sha384(), label));
    }

    /** A record of Confidential Containers' guest component. */
    public static Entry runtimeRecord(String text) {
        return whole(
                4,
                EVENT_TAG,
                Bytes.concat(u32(0x4141454CL), u32(Bytes.utf8(text).length()), Bytes.utf8(text)));
    }

    public static Entry dstack(String name, Bytes payload) {
        Bytes digest = Bytes.concat(u32(DSTACK), Bytes.utf8(":"), Bytes.utf8(name), Bytes.utf8(":"), payload)
                .sha384();
        return new Entry(4, DSTACK, digest, payload, name);
    }

    /** A small guest that boots through GRUB, with dm-verity. */
    public static SoftwareEventLog grubGuest(String commandLine) {
        var entries = new ArrayList<Entry>();
        entries.add(blob(1, 0x8000000BL, "TdxTable", Bytes.utf8("TD HOB")));
        entries.add(secureBoot(true));
        entries.add(keyVariable("PK", Bytes.utf8("platform key")));
        entries.add(keyVariable("KEK", Bytes.utf8("key exchange key")));
        entries.add(keyVariable("db", Bytes.utf8("allowed")));
        entries.add(keyVariable("dbx", Bytes.utf8("forbidden")));
        entries.add(separator(1));
        entries.add(action("Calling EFI Application from Boot Option"));
        entries.add(separator(2));
        entries.add(whole(2, GPT, Bytes.utf8("EFI PART and partitions")));
        entries.add(application("shim"));
        entries.add(application("grub"));
        entries.add(blob(3, IPL, "/efi/boot/grub.cfg", Bytes.utf8("the configuration")));
        entries.add(grubCommand("set default=2"));
        entries.addAll(grubLoads(commandLine, "kernel"));
        entries.add(grubCommand("initrd /initrd.img"));
        entries.add(blob(3, IPL, "/initrd.img", Bytes.utf8("initrd")));
        entries.add(action("Exit Boot Services Invocation"));
        entries.add(action("Exit Boot Services Returned with Success"));
        return new SoftwareEventLog(entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    /** RTMR0 to RTMR3 after these events; EV_NO_ACTION leaves them alone. */
    public List<Bytes> rtmrs() {
        return IntStream.rangeClosed(1, 4)
                .mapToObj(register -> entries.stream()
                        .filter(entry -> entry.register() == register && entry.type() != NO_ACTION)
                        .map(Entry::digest)
                        .reduce(Bytes.zeros(48), (value, digest) -> Bytes.concat(value, digest)
                                .sha384()))
                .toList();
    }

    /** The log as the ACPI table CCEL points at it, without padding. */
    public Bytes ccel() {
        return ccel("Spec ID Event03\0", SHA384, Bytes.empty());
    }

    /** The same with any signature, hash algorithm (0xB and 0x12 take the first 32 bytes of digests) and padding. */
    public Bytes ccel(String signature, int algorithm, Bytes padding) {
        int width = algorithm == SHA384 ? 48 : 32;
        Bytes specId = Bytes.concat(
                Bytes.utf8(signature),
                u32(0),
                Bytes.fromHex("00020002"),
                u32(1),
                u16(algorithm),
                u16(width),
                Bytes.fromHex("00"));
        var out = new ByteArrayOutputStream();
        write(out, u32(1), u32(NO_ACTION), Bytes.zeros(20), u32(specId.length()), specId);
        for (Entry entry : entries) {
            write(out, u32(entry.register()), u32(entry.type()), u32(1), u16(algorithm));
            write(out, entry.digest().slice(0, width), u32(entry.data().length()), entry.data());
        }
        write(out, padding);
        return Bytes.copyOf(out.toByteArray());
    }

    /** The log as dstack writes it. */
    public Bytes json() {
        var text = new StringBuilder("[");
        for (Entry entry : entries) {
            text.append(text.length() > 1 ? "," : "")
                    .append("{\"imr\":%d,\"event_type\":%d,\"digest\":\"%s\",\"event\":\"%s\",\"event_payload\":\"%s\"}"
                            .formatted(entry.register() - 1, entry.type(), entry.digest(), entry.name(), entry.data()));
        }
        return Bytes.utf8(text.append("]").toString());
    }

    private static void write(ByteArrayOutputStream out, Bytes... parts) {
        out.writeBytes(Bytes.concat(parts).toByteArray());
    }

    private static Bytes u16(int value) {
        return littleEndian(value, 2);
    }

    private static Bytes u32(long value) {
        return littleEndian(value, 4);
    }

    private static Bytes u64(long value) {
        return littleEndian(value, 8);
    }

    private static Bytes littleEndian(long value, int width) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        return Bytes.copyOf(bytes);
    }
}
