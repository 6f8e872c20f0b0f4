package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;

/**
 * What a measured digest is known to be of. Each of these follows from the digest, its register and its place there; labels
 * and types of the log are hints at most, because whoever passes the log on can change them.
 */
sealed interface Meaning {
    /** One of the few fixed byte strings that firmware and boot loaders measure as marks. */
    record Mark(String text) implements Meaning {}

    /** The variable SecureBoot with one of its three possible contents. */
    record SecureBoot(boolean on) implements Meaning {}

    /** A variable of secure boot: the digest is of all of UEFI_VARIABLE_DATA. */
    record KeyVariable(String name) implements Meaning {}

    /** A boot option or the boot order. */
    record BootVariable(String name) implements Meaning {}

    record PartitionTable() implements Meaning {}

    /** A command that GRUB ran. */
    record LoaderCommand(String text) implements Meaning {}

    /** The command line that GRUB gave to a kernel, the kernel's path in front. */
    record KernelCommandLine(String text) implements Meaning {}

    /** The name of a section that systemd-stub measures next. */
    record SectionName(String name) implements Meaning {}

    /** The command line that td-shim gave to its payload. */
    record PayloadParameters(String text) implements Meaning {}

    /** What a guest component of Confidential Containers recorded: "domain operation content". */
    record RuntimeRecord(String text) implements Meaning {}

    /** An event of dstack or of the application on it. */
    record DstackRecord(String name, Bytes payload) implements Meaning {}

    /** A digest of content that the log does not hold, or of a kind that this verifier does not know. */
    record Unexplained() implements Meaning {}
}
