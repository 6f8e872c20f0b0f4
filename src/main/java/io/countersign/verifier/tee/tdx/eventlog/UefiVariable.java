package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** UEFI_VARIABLE_DATA. TCG PC Client Platform Firmware Profile, rev. 1.06, 10.2.6. */
record UefiVariable(Bytes vendor, String name, Bytes data) {
    /** EFI_GLOBAL_VARIABLE, 8be4df61-93ca-11d2-aa0d-00e098032b8c. UEFI 2.10, 3.3. */
    static final Bytes GLOBAL = Bytes.fromHex("61dfe48bca93d211aa0d00e098032b8c");

    /** EFI_IMAGE_SECURITY_DATABASE_GUID, d719b2cb-3d3a-4596-a3bc-dad00e67656f. UEFI 2.10, 32.4.1. */
    static final Bytes SECURITY_DATABASE = Bytes.fromHex("cbb219d73a3d9645a3bcdad00e67656f");

    /** The longest boot order that is believed; a boot option is told by its attributes. */
    private static final int MAX_BOOT_ORDER = 512;

    static Optional<UefiVariable> read(Bytes event) {
        try {
            return Optional.of(ByteCursor.readExactly("UEFI_VARIABLE_DATA", event, ByteOrder.LITTLE_ENDIAN, in -> {
                Bytes vendor = in.at(0).bytes(16);
                long nameLength = in.at(16).u64();
                long dataLength = in.at(24).u64();
                // Both are in range before they are added, so the sum cannot overflow.
                if (nameLength < 0
                        || nameLength > in.remaining()
                        || dataLength < 0
                        || dataLength > in.remaining()
                        || 2 * nameLength + dataLength != in.remaining()) {
                    throw in.malformed("its lengths do not add up");
                }
                String name = new String(in.bytes((int) (2 * nameLength)).toByteArray(), StandardCharsets.UTF_16LE);
                return new UefiVariable(vendor, name, in.bytes((int) dataLength));
            }));
        } catch (MalformedEvidenceException _) { // the log says something else here, which is no fault
            return Optional.empty();
        }
    }

    /** What firmware measures for SecureBoot with this content. */
    static Bytes secureBoot(Bytes data) {
        byte[] name = "SecureBoot".getBytes(StandardCharsets.UTF_16LE);
        return Bytes.concat(
                GLOBAL,
                Bytes.copyOf((byte) (name.length / 2)).zeroPaddedTo(8),
                Bytes.copyOf((byte) data.length()).zeroPaddedTo(8),
                Bytes.copyOf(name),
                data);
    }

    boolean is(Bytes ofVendor, String ofName) {
        return vendor.equals(ofVendor) && name.equals(ofName);
    }

    /**
     * Whether this is BootOrder or a boot option, and cannot be an executable: EFI_LOAD_OPTION begins with attributes of which
     * only some bits exist (UEFI 2.10, 3.1.3), and neither "MZ" nor the mark of ELF is such a value.
     */
    boolean isBootVariable() {
        if (!vendor.equals(GLOBAL) || data.startsWith(Bytes.utf8("MZ"))) {
            return false;
        }
        if (name.equals("BootOrder")) {
            return data.length() % 2 == 0 && data.length() <= MAX_BOOT_ORDER;
        }
        return name.matches("Boot[0-9A-F]{4}")
                && data.length() >= 6
                && (data.u8(0) & ~0x0F) == 0
                && (data.u8(1) & ~0x1F) == 0
                && data.slice(2, 4).isAllZero();
    }
}
