package io.countersign.verifier.tee.tdx.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The arguments of a kernel, and the dm-verity root hashes that they name. Reads quotes as Linux does (lib/cmdline.c,
 * next_arg), and takes no notice of what is ambiguous: an argument given twice, an unbalanced quote.
 *
 * <p>That a command line names a root hash does not prove that what runs then enforces it: that is up to the measured kernel
 * and initrd.
 */
record CommandLine(List<Argument> arguments, boolean ambiguous) {
    private static final Pattern HASH = Pattern.compile("([0-9a-fA-F]{2}){32,64}");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Set<String> YES = Set.of("1", "yes", "true", "on", "y", "t");

    /** Options under which blocks of another content are handed out all the same, or only the first reading is checked. */
    private static final List<String> WEAKENING =
            List.of("ignore_corruption", "ignore-corruption", "check_at_most_once", "check-at-most-once");

    /** Whether a text begins with the kernel's path, which GRUB measures and Linux does not read. */
    enum FirstWord {
        KERNEL_PATH,
        ARGUMENT
    }

    /** A name, dashes and underscores being the same to Linux and systemd, and its value; empty without one. */
    record Argument(String name, String value) {}

    CommandLine {
        arguments = List.copyOf(arguments);
    }

    static CommandLine read(String text, FirstWord first) {
        var words = new ArrayList<String>();
        boolean quoted = false;
        var word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            if (Character.isWhitespace(c) && !quoted) {
                add(word, words);
            } else {
                word.append(c);
            }
        }
        add(word, words);
        List<String> read = first == FirstWord.KERNEL_PATH && !words.isEmpty() ? words.subList(1, words.size()) : words;
        // What stands behind "--" is for init, and systemd reads it differently from the kernel.
        return new CommandLine(read.stream().map(CommandLine::argument).toList(), quoted || read.contains("--"));
    }

    private static void add(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** Quotes may stand around the whole argument or around its value. */
    private static Argument argument(String word) {
        String bare = unquoted(word);
        int equals = bare.indexOf('=');
        String name = equals < 0 ? bare : bare.substring(0, equals);
        String value = equals < 0 ? "" : unquoted(bare.substring(equals + 1));
        return new Argument(name.replace('-', '_'), value);
    }

    private static String unquoted(String word) {
        String open = word.startsWith("\"") ? word.substring(1) : word;
        return word.startsWith("\"") && open.endsWith("\"") ? open.substring(0, open.length() - 1) : open;
    }

    /** The root hash of the root file system; nothing when none or more than one way of naming it is used. */
    Optional<String> rootHash() {
        if (ambiguous) {
            return Optional.empty();
        }
        List<String> ways = arguments.stream()
                .map(Argument::name)
                .filter(Set.of("dm_mod.create", "roothash", "rootfs_verity.hash", "rootfs_verity.root_hash")::contains)
                .toList();
        return ways.size() != 1
                ? Optional.empty()
                : switch (ways.getFirst()) {
                    case "dm_mod.create" -> one("dm_mod.create").flatMap(this::deviceMapper);
                    case "roothash" -> systemd("roothash", "root", "/dev/mapper/root", "systemd.verity_root_options");
                    default -> kata(ways.getFirst());
                };
    }

    /** The root hash of /usr, as systemd-veritysetup-generator(8) reads it. */
    Optional<String> usrHash() {
        return ambiguous
                ? Optional.empty()
                : systemd("usrhash", "mount.usr", "/dev/mapper/usr", "systemd.verity_usr_options");
    }

    /**
     * dm-mod.create= of one read-only device, /dev/dm-0, with one verity target, which is also root=. Linux, Documentation,
     * admin-guide/device-mapper, dm-init.rst and verity.rst.
     */
    private Optional<String> deviceMapper(String value) {
        String[] device = value.split(",", -1);
        if (value.contains(";") || device.length != 5 || !device[3].equals("ro") || !device[2].matches("0?")) {
            return Optional.empty();
        }
        String[] table = SPACE.split(device[4].trim(), -1);
        // start, size, "verity", version, data, hash, two block sizes, blocks, hash start, algorithm, root hash, salt,
        // options
        boolean verity = table.length >= 13
                && table[0].equals("0")
                && table[2].equals("verity")
                && Set.of("sha256", "sha384", "sha512").contains(table[10])
                && !weakened(device[4])
                && one("root").equals(Optional.of("/dev/dm-0"));
        return verity
                ? hash(table[11]).filter(hash -> hash.length() == Integer.parseInt(table[10].substring(3)) / 4)
                : Optional.empty();
    }

    private Optional<String> systemd(String name, String mount, String device, String options) {
        boolean mountedElsewhere = has(mount) && !one(mount).equals(Optional.of(device));
        boolean switchedOff = List.of("systemd.verity", "rd.systemd.verity").stream()
                .anyMatch(flag -> has(flag)
                        && !one(flag)
                                .filter(value -> YES.contains(value.toLowerCase(Locale.ROOT)))
                                .isPresent());
        boolean weakened =
                has(options) && !one(options).filter(value -> !weakened(value)).isPresent();
        return mountedElsewhere || switchedOff || weakened
                ? Optional.empty()
                : one(name).flatMap(CommandLine::hash);
    }

    /** Kata Containers: the initrd of its guest images sets dm-verity up from these. */
    private Optional<String> kata(String name) {
        return one("rootfs_verity.scheme").equals(Optional.of("dm-verity"))
                ? one(name).flatMap(CommandLine::hash)
                : Optional.empty();
    }

    private boolean has(String name) {
        return arguments.stream().anyMatch(argument -> argument.name().equals(name));
    }

    /** The value of an argument given exactly once. */
    private Optional<String> one(String name) {
        List<Argument> found = arguments.stream()
                .filter(argument -> argument.name().equals(name))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst().value()) : Optional.empty();
    }

    private static boolean weakened(String options) {
        return WEAKENING.stream().anyMatch(options::contains);
    }

    private static Optional<String> hash(String value) {
        return HASH.matcher(value).matches() ? Optional.of(value.toLowerCase(Locale.ROOT)) : Optional.empty();
    }
}
