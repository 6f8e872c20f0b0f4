package io.countersign.imports.corim;

import io.countersign.imports.TdxRegister;
import java.util.Arrays;
import java.util.Optional;

/** What this service's claims can be compared with: a claim, the length of its values, and the set that they go into. */
enum Target {
    LAUNCH_MEASUREMENT("launch_measurement", "launch_measurements", 48, "SHA-384 launch measurements"),
    SNP_MEASUREMENT("snp.measurement", "snp_measurements", 48, "MEASUREMENT of SEV-SNP guests"),
    SNP_HOST_DATA("snp.host_data", "host_data", 32, "HOST_DATA of SEV-SNP guests"),
    SNP_ID_KEY_DIGEST("snp.id_key_digest", "id_keys", 48, "SHA-384 of the keys that sign ID blocks"),
    SNP_AUTHOR_KEY_DIGEST("snp.author_key_digest", "author_keys", 48, "SHA-384 of the keys that sign ID keys"),
    MRTD(TdxRegister.MRTD),
    RTMR0(TdxRegister.RTMR0),
    RTMR1(TdxRegister.RTMR1),
    RTMR2(TdxRegister.RTMR2),
    RTMR3(TdxRegister.RTMR3);

    private static final int SHA_384 = 48;

    private final String claim;
    private final String setName;
    private final int length;
    private final String meaning;

    Target(String claim, String setName, int length, String meaning) {
        this.claim = claim;
        this.setName = setName;
        this.length = length;
        this.meaning = meaning;
    }

    Target(TdxRegister register) {
        this(register.claim(), register.setName(), SHA_384, "%s: %s".formatted(register.name(), register.meaning()));
    }

    /** The target whose claim has this path. */
    static Optional<Target> ofClaim(String path) {
        return Arrays.stream(values()).filter(each -> each.claim.equals(path)).findFirst();
    }

    static Optional<Target> ofRtmr(long index) {
        return ofClaim("tdx.rtmr" + index);
    }

    String claim() {
        return claim;
    }

    String setName() {
        return setName;
    }

    int length() {
        return length;
    }

    String meaning() {
        return meaning;
    }
}
