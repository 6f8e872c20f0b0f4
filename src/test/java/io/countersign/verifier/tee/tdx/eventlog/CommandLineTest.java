package io.countersign.verifier.tee.tdx.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.verifier.tee.tdx.eventlog.CommandLine.Argument;
import io.countersign.verifier.tee.tdx.eventlog.CommandLine.FirstWord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which root hash a command line names, and when it names none for sure. */
class CommandLineTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String TABLE =
            "vroot,,,ro,0 4077568 verity 0 PARTUUID=A PARTUUID=A 4096 4096 509696 509696 sha256 " + HASH + " 5d0e";

    @Test
    void readsArgumentsAsLinuxDoes() {
        assertEquals(
                List.of(
                        new Argument("ro", ""),
                        new Argument("root", "/dev/dm-0"),
                        new Argument("dm_mod.create", "a b"),
                        new Argument("x", "c d"),
                        new Argument("y", "")),
                CommandLine.read("/k ro  root=/dev/dm-0\t\"dm-mod.create=a b\" x=\"c d\"\ny=", FirstWord.KERNEL_PATH)
                        .arguments());
    }

    @Test
    void findsTheRootHashHoweverItIsNamed() {
        for (String line : List.of(
                "root=/dev/dm-0 dm-mod.create=\"" + TABLE + "\"",
                "\"dm-mod.create=" + TABLE + "\" root=/dev/dm-0",
                "root=/dev/dm-0 dm_mod.create=\"" + TABLE + " 1 restart_on_corruption\"",
                "roothash=" + HASH.toUpperCase(java.util.Locale.ROOT),
                "root=/dev/mapper/root roothash=" + HASH,
                "systemd.verity=yes roothash=" + HASH + " systemd.verity_root_options=panic-on-corruption",
                "root=/dev/vda1 rootfs_verity.scheme=dm-verity rootfs_verity.hash=" + HASH,
                "rootfs_verity.scheme=dm-verity rootfs_verity.root_hash=" + HASH)) {
            assertEquals(Optional.of(HASH), read(line).rootHash(), line);
        }
        assertEquals(Optional.of(HASH + HASH), read("roothash=" + HASH + HASH).rootHash());
        assertEquals(Optional.of(HASH), read("usrhash=" + HASH + " roothash=00").usrHash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "quiet",
                "roothash=",
                "roothash=H roothash=H",
                "roothash=Hx",
                "roothash=Hab roothash=H",
                "roothash=0123456789abcdef",
                "roothash=H root=/dev/vda1",
                "roothash=H root=/dev/mapper/root root=/dev/mapper/root",
                "roothash=H systemd.verity=0",
                "roothash=H rd.systemd.verity=no",
                "roothash=H systemd.verity",
                "roothash=H systemd.verity_root_options=ignore-corruption",
                "roothash=H systemd.verity_root_options=panic-on-corruption,check-at-most-once",
                "roothash=H -- x",
                "roothash=H \"unbalanced",
                "x=\"roothash=H\"",
                "-- roothash=H",
                "roothash=H rootfs_verity.scheme=dm-verity rootfs_verity.hash=H",
                "rootfs_verity.hash=H",
                "dm-mod.create=\"T\"",
                "dm-mod.create=\"T\" root=/dev/vda1",
                "dm-mod.create=\"T\" root=/dev/dm-0 root=/dev/vda1",
                "dm-mod.create=\"T\" dm-mod.create=\"T\" root=/dev/dm-0",
                "dm-mod.create=\"T;T\" root=/dev/dm-0",
                "dm-mod.create=\"T,0 8 linear /dev/vda 0\" root=/dev/dm-0",
                "dm-mod.create=\"T 1 ignore_corruption\" root=/dev/dm-0",
                "dm-mod.create=\"T 1 check_at_most_once\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,rw,0 8 verity 0 a a 1 1 1 1 sha256 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,7,ro,0 8 verity 0 a a 1 1 1 1 sha256 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,ro,8 8 verity 0 a a 1 1 1 1 sha256 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,ro,0 8 linear 0 a a 1 1 1 1 sha256 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,ro,0 8 verity 0 a a 1 1 1 1 md5 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,ro,0 8 verity 0 a a 1 1 1 1 sha512 H 5d\" root=/dev/dm-0",
                "dm-mod.create=\"vroot,,,ro,0 8 verity 0 a a 1 1 1 1 sha256 H\" root=/dev/dm-0",
                "dm-mod.create= root=/dev/dm-0",
            })
    void namesNoRootHashForSure(String line) {
        assertEquals(
                Optional.empty(),
                read(line.replace("T", TABLE).replace("H", HASH)).rootHash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usrhash=H usrhash=H",
                "usrhash=H mount.usr=/dev/vda2",
                "usrhash=H systemd.verity=off",
                "usrhash=H systemd.verity_usr_options=ignore-corruption",
                "usrhash=H -- x",
                "roothash=H",
            })
    void namesNoUsrHashForSure(String line) {
        assertEquals(Optional.empty(), read(line.replace("H", HASH)).usrHash());
    }

    private static CommandLine read(String line) {
        return CommandLine.read(line, FirstWord.ARGUMENT);
    }
}
