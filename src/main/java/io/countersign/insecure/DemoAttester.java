package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * A confidential machine that is none: it answers challenges with reports signed by keys made a moment ago in this process.
 * Its evidence counts only where {@link #anchorsPem()} is trusted.
 */
public final class DemoAttester {
    private final SoftwareAmd amd;

    private DemoAttester(SoftwareAmd amd) {
        this.amd = amd;
    }

    /**
     * The members of a request that carry evidence.
     *
     * @param report base64url of 1184 bytes, for {@code evidence.cpu0.report}
     * @param certificates PEM of the VCEK, for {@code evidence.cpu0.certificates}
     * @param crl base64 of the root's revocation list, for {@code endorsements.amd.crl}
     */
    public record Members(String report, String certificates, String crl) {}

    /** A Milan machine whose AMD begins and ends with this process. */
    public static DemoAttester start(SecureRandom random, Instant now) {
        return new DemoAttester(SoftwareAmd.fresh(Product.MILAN, random, now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** The text of the file that {@code countersign.insecure.anchors} names. */
    public String anchorsPem() {
        return amd.anchorsPem();
    }

    /** The certificate of the key that signs its reports, in DER. */
    public Bytes vcek() {
        return amd.vcek();
    }

    /** The launch digest that a policy has to pin. */
    public Bytes measurement() {
        return amd.measurement();
    }

    /**
     * Makes a report that commits to these 64 bytes.
     *
     * @param changes what else shall be so about the machine
     */
    public Members attest(Bytes reportData, UnaryOperator<SoftwareReport> changes) {
        Bytes report = amd.report(draft -> changes.apply(draft.reportData(reportData)));
        return new Members(
                Base64.getUrlEncoder().withoutPadding().encodeToString(report.toByteArray()),
                Pem.certificate(amd.vcek()),
                Base64.getEncoder().encodeToString(amd.crl(VekKind.VCEK).toByteArray()));
    }
}
