package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.eventlog.CommandLine.FirstWord;
import java.util.Optional;

/**
 * How a kernel was booted and what it was given, where the digests tell it without doubt.
 *
 * @param kernel digest as this way of booting measures the kernel
 * @param commandLine its text, where the log holds what was measured
 * @param commandLineDigest digest as this way of booting measures the command line
 */
record Boot(
        Method method,
        Optional<Bytes> kernel,
        Optional<Bytes> initrd,
        Optional<String> commandLine,
        Optional<Bytes> commandLineDigest) {

    /** Who gave the kernel its command line, and so in which register and form it was measured. */
    enum Method {
        GRUB("grub", FirstWord.KERNEL_PATH),
        EFI_STUB("efi-stub", FirstWord.ARGUMENT),
        SYSTEMD_STUB("systemd-stub", FirstWord.ARGUMENT),
        TD_SHIM("td-shim", FirstWord.ARGUMENT);

        private final String word;
        private final FirstWord firstWord;

        Method(String word, FirstWord firstWord) {
            this.word = word;
            this.firstWord = firstWord;
        }

        String word() {
            return word;
        }
    }

    Optional<CommandLine> arguments() {
        return commandLine.map(text -> CommandLine.read(text, method.firstWord));
    }
}
