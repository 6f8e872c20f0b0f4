package io.countersign.imports;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Registers of a TD that reference values can be of: Intel TDX DCAP Quoting Library API, appendix A.3.2. */
public enum TdxRegister {
    MRTD("tdx.mr_td", "mr_td", "initial memory, usually the firmware"),
    RTMR0("tdx.rtmr0", "rtmr0", "configuration of the firmware; differs with the size of the machine"),
    RTMR1("tdx.rtmr1", "rtmr1", "boot loader or kernel"),
    RTMR2("tdx.rtmr2", "rtmr2", "command line and initrd"),
    RTMR3("tdx.rtmr3", "rtmr3", "what the system measured while running"),
    MRCONFIGID("tdx.mr_config_id", "mr_config_id", "what the host put in at launch"),
    MROWNER("tdx.mr_owner", "mr_owner", "the owner of the TD"),
    MROWNERCONFIG("tdx.mr_owner_config", "mr_owner_config", "the owner's configuration"),
    MRSEAM("tdx.mr_seam", "mr_seam", "the TDX module");

    private final String claim;
    private final String setName;
    private final String meaning;

    TdxRegister(String claim, String setName, String meaning) {
        this.claim = claim;
        this.setName = setName;
        this.meaning = meaning;
    }

    /** MRTD, RTMR1 and RTMR2: together they say what was started, and they are the same on machines of every size. */
    public static Set<TdxRegister> usual() {
        return EnumSet.of(MRTD, RTMR1, RTMR2);
    }

    /** The register of a name as tools print it: {@code mr_td}, {@code MRTD}, {@code RTMR[1]}, {@code tdx.rtmr1}. */
    public static Optional<TdxRegister> named(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        String bare = plain.startsWith("tdx") ? plain.substring(3) : plain;
        return Arrays.stream(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(bare))
                .findFirst();
    }

    /** RTMR0 to RTMR3. */
    static Optional<TdxRegister> rtmr(long index) {
        return named("rtmr" + index);
    }

    /** The path of its claim. */
    public String claim() {
        return claim;
    }

    /** What its set is called. */
    public String setName() {
        return setName;
    }

    /** What it measures, for people. */
    public String meaning() {
        return meaning;
    }
}
