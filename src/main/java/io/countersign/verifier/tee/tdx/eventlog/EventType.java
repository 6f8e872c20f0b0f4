package io.countersign.verifier.tee.tdx.eventlog;

import java.util.Map;

/**
 * Names of event types, for people. TCG PC Client Platform Firmware Profile, rev. 1.06, table 27; dstack for its own. A type
 * is a label that whoever passes the log on can change: nothing is decided by it, except that {@link #NO_ACTION} is never
 * measured.
 */
final class EventType {
    static final long NO_ACTION = 0x00000003L;
    static final long BOOT_SERVICES_APPLICATION = 0x80000003L;
    static final long DSTACK_RUNTIME = 0x08000001L;

    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0x00000001L, "EV_POST_CODE"),
            Map.entry(NO_ACTION, "EV_NO_ACTION"),
            Map.entry(0x00000004L, "EV_SEPARATOR"),
            Map.entry(0x00000005L, "EV_ACTION"),
            Map.entry(0x00000006L, "EV_EVENT_TAG"),
            Map.entry(0x00000008L, "EV_S_CRTM_VERSION"),
            Map.entry(0x00000009L, "EV_CPU_MICROCODE"),
            Map.entry(0x0000000AL, "EV_PLATFORM_CONFIG_FLAGS"),
            Map.entry(0x0000000DL, "EV_IPL"),
            Map.entry(DSTACK_RUNTIME, "dstack runtime event"),
            Map.entry(0x80000001L, "EV_EFI_VARIABLE_DRIVER_CONFIG"),
            Map.entry(0x80000002L, "EV_EFI_VARIABLE_BOOT"),
            Map.entry(BOOT_SERVICES_APPLICATION, "EV_EFI_BOOT_SERVICES_APPLICATION"),
            Map.entry(0x80000004L, "EV_EFI_BOOT_SERVICES_DRIVER"),
            Map.entry(0x80000005L, "EV_EFI_RUNTIME_SERVICES_DRIVER"),
            Map.entry(0x80000006L, "EV_EFI_GPT_EVENT"),
            Map.entry(0x80000007L, "EV_EFI_ACTION"),
            Map.entry(0x80000008L, "EV_EFI_PLATFORM_FIRMWARE_BLOB"),
            Map.entry(0x80000009L, "EV_EFI_HANDOFF_TABLES"),
            Map.entry(0x8000000AL, "EV_EFI_PLATFORM_FIRMWARE_BLOB2"),
            Map.entry(0x8000000BL, "EV_EFI_HANDOFF_TABLES2"),
            Map.entry(0x8000000CL, "EV_EFI_VARIABLE_BOOT2"),
            Map.entry(0x800000E0L, "EV_EFI_VARIABLE_AUTHORITY"));

    private EventType() {}

    static String nameOf(long type) {
        String name = NAMES.get(type);
        return name != null ? name : "event type 0x%08x".formatted(type);
    }
}
