package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.Mark;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.SectionName;
import io.countersign.verifier.tee.tdx.eventlog.Meaning.SecureBoot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Digests of fixed byte strings, by register: they are recognised whatever the log says beside them. */
final class KnownDigests {
    /** EV_SEPARATOR, TCG PC Client Platform Firmware Profile, 10.4.5: between firmware and what it boots. */
    private static final List<String> SEPARATORS = List.of("00000000", "ffffffff");

    /** EV_EFI_ACTION, same document, table 28, as EDK2 measures them into RTMR1. */
    private static final List<String> ACTIONS = List.of(
            "Calling EFI Application from Boot Option",
            "Returning from EFI Application from Boot Option",
            "Exit Boot Services Invocation",
            "Exit Boot Services Returned with Failure",
            "Exit Boot Services Returned with Success");

    /** Sections of a unified kernel image. UAPI.5, "Unified Kernel Images". */
    private static final List<String> SECTIONS = List.of(
            ".linux",
            ".osrel",
            ".cmdline",
            ".initrd",
            ".ucode",
            ".splash",
            ".dtb",
            ".dtbauto",
            ".hwids",
            ".efifw",
            ".uname",
            ".sbat",
            ".pcrpkey",
            ".profile");

    private static final List<Map<Bytes, Meaning>> BY_REGISTER = List.of(rtmr0(), rtmr1(), rtmr2(), Map.of());

    private KnownDigests() {}

    static Optional<Meaning> find(int rtmr, Bytes digest) {
        return Optional.ofNullable(BY_REGISTER.get(rtmr).get(digest));
    }

    private static Map<Bytes, Meaning> rtmr0() {
        var known = separators();
        // EDK2 measures the variable with no data where it does not exist: secure boot is then off.
        known.put(UefiVariable.secureBoot(Bytes.empty()).sha384(), new SecureBoot(false));
        known.put(UefiVariable.secureBoot(Bytes.fromHex("00")).sha384(), new SecureBoot(false));
        known.put(UefiVariable.secureBoot(Bytes.fromHex("01")).sha384(), new SecureBoot(true));
        return Map.copyOf(known);
    }

    private static Map<Bytes, Meaning> rtmr1() {
        var known = separators();
        for (String action : ACTIONS) {
            known.put(Bytes.utf8(action).sha384(), new Mark(action));
        }
        return Map.copyOf(known);
    }

    /** systemd-stub measures the name of each section in ASCII with its NUL, then the section. */
    private static Map<Bytes, Meaning> rtmr2() {
        var known = separators();
        for (String name : SECTIONS) {
            known.put(Bytes.utf8(name + "\0").sha384(), new SectionName(name));
        }
        return Map.copyOf(known);
    }

    private static Map<Bytes, Meaning> separators() {
        var known = new HashMap<Bytes, Meaning>();
        for (String separator : SEPARATORS) {
            known.put(Bytes.fromHex(separator).sha384(), new Mark("separator " + separator));
        }
        return known;
    }
}
