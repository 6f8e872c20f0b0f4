package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A TD that is none: it answers challenges with quotes signed by keys made a moment ago in this process. Its evidence counts
 * only where {@link #anchorsPem()} is trusted.
 */
public final class DemoTd {
    private static final PckCa CA = PckCa.PLATFORM;

    private final SoftwareIntel intel;

    private DemoTd(SoftwareIntel intel) {
        this.intel = intel;
    }

    /** How well the machine below the TD is looked after. */
    public enum Platform {
        UP_TO_DATE,
        /** Its BIOS still loads the early microcode from before Intel's last TCB recovery. */
        OLD_BIOS
    }

    /**
     * The members of a request that carry evidence.
     *
     * @param quote base64url, for {@code evidence.cpu0.quote}
     * @param endorsements by member of {@code endorsements.intel}
     */
    public record Members(String quote, Map<String, String> endorsements) {
        public Members {
            endorsements = Map.copyOf(endorsements);
        }
    }

    /** A TD whose Intel begins and ends with this process. */
    public static DemoTd start(SecureRandom random, Instant now) {
        return new DemoTd(SoftwareIntel.fresh(random, now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** The text of the file that {@code countersign.insecure.anchors} names. */
    public String anchorsPem() {
        return intel.anchorsPem();
    }

    /** The firmware, which a policy has to pin. */
    public Bytes mrTd() {
        return IntelMachine.measured("virtual firmware");
    }

    /** What the firmware booted, which a policy has to pin too. */
    public Bytes rtmr1() {
        return IntelMachine.measured("kernel");
    }

    /** The kernel's command line and initrd, likewise. */
    public Bytes rtmr2() {
        return IntelMachine.measured("command line");
    }

    /** Makes a quote that commits to these 64 bytes. */
    public Members attest(Bytes reportData, Platform platform) {
        int microcode = IntelMachine.SGX_COMPONENTS.getFirst() - (platform == Platform.OLD_BIOS ? 1 : 0);
        String leaf = Pem.certificate(intel.pckDraft(CA, extension -> extension.component(1, microcode))
                .der());
        Bytes quote = intel.quote(
                QuoteForm.TDX_15_V5, CA, draft -> draft.reportData(reportData).chain(leaf + intel.pckCrlChain(CA)));
        var endorsements = new LinkedHashMap<String, String>();
        endorsements.put("tcb_info", intel.tcbInfo(TeeType.TDX).json());
        endorsements.put("tcb_info_issuer_chain", intel.signerChain());
        endorsements.put("qe_identity", intel.qeIdentity(TeeType.TDX).json());
        endorsements.put("qe_identity_issuer_chain", intel.signerChain());
        endorsements.put("pck_crl", base64(intel.pckCrlDraft(CA).der()));
        endorsements.put("root_ca_crl", base64(intel.rootCrlDraft().der()));
        return new Members(Base64.getUrlEncoder().withoutPadding().encodeToString(quote.toByteArray()), endorsements);
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
