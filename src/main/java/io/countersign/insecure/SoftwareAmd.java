package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Window;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A whole AMD in software, for one product line: root, intermediates, leaves, revocation lists and the firmware that signs
 * reports. Names, serials, extensions and encodings are AMD's; the keys are not, so nothing here passes without anchors
 * that say so.
 */
public final class SoftwareAmd {
    private static final Duration CRL_LIFE = Duration.ofDays(60);
    private static final Duration VCEK_LIFE = Duration.ofDays(7 * 365);
    private static final Duration VLEK_LIFE = Duration.ofDays(365);

    private final Product product;
    private final SoftwareKeys keys;
    private final Instant issuedAt;
    private final Bytes ark;
    private final Bytes ask;
    private final Bytes asvk;
    private final Bytes vcek;
    private final Bytes vlek;

    /**
     * An AMD with these keys.
     *
     * @param asOf whole seconds; leaves and lists are issued a day before it
     */
    public SoftwareAmd(Product product, SoftwareKeys keys, Instant asOf) {
        this.product = product;
        this.keys = keys;
        this.issuedAt = asOf.minus(Duration.ofDays(1));
        this.ark = arkDraft().der();
        this.ask = intermediateDraft(VekKind.VCEK).der();
        this.asvk = intermediateDraft(VekKind.VLEK).der();
        this.vcek = vekDraft(VekKind.VCEK).der();
        this.vlek = vekDraft(VekKind.VLEK).der();
    }

    /** An AMD whose keys are made now and end with this object. */
    public static SoftwareAmd fresh(Product product, SecureRandom random, Instant asOf) {
        return new SoftwareAmd(product, SoftwareKeys.fresh(random), asOf);
    }

    public Product product() {
        return product;
    }

    public SoftwareKeys keys() {
        return keys;
    }

    public Bytes ark() {
        return ark;
    }

    public Bytes ask() {
        return ask;
    }

    public Bytes asvk() {
        return asvk;
    }

    public Bytes vcek() {
        return vcek;
    }

    public Bytes vlek() {
        return vlek;
    }

    /** The leaf that fits reports as they are made without changes. */
    public Bytes vek(VekKind kind) {
        return switch (kind) {
            case VCEK -> vcek;
            case VLEK -> vlek;
        };
    }

    public Bytes intermediate(VekKind kind) {
        return switch (kind) {
            case VCEK -> ask;
            case VLEK -> asvk;
        };
    }

    /** The chip whose VCEK this is: 64 bytes as in the report. */
    public Bytes chipId() {
        return ProductDefaults.of(product).chipId();
    }

    /** The TCB that reports and leaves carry unless told otherwise. */
    public SnpTcb tcb() {
        return ProductDefaults.of(product).tcb();
    }

    /** What the laboratory's image measures. */
    public Bytes measurement() {
        return ProductDefaults.MEASUREMENT;
    }

    public Bytes report(UnaryOperator<SoftwareReport> changes) {
        return changes.apply(new SoftwareReport(product)).signed(keys);
    }

    public Bytes crl(VekKind kind) {
        return crlDraft(kind).der();
    }

    /** An ARK to change and finish with {@code der()}. */
    public SoftwareCertificate arkDraft() {
        String name = AmdNames.ark(product);
        var draft = new SoftwareCertificate(
                name,
                name,
                AmdNames.arkSerial(product),
                AmdNames.arkWindow(product),
                keys.ark().publicKey(),
                keys.ark(),
                RsaSignature.AMD_TRAILER_WRITTEN);
        return AmdExtensions.ark(draft, product, keys.ark());
    }

    /** An ASK or ASVK to change and finish with {@code der()}. */
    public SoftwareCertificate intermediateDraft(VekKind kind) {
        var draft = new SoftwareCertificate(
                AmdNames.intermediate(product, kind),
                AmdNames.ark(product),
                AmdNames.intermediateSerial(product, kind),
                AmdNames.intermediateWindow(product, kind),
                keys.issuerOf(kind).publicKey(),
                keys.ark(),
                RsaSignature.AMD_TRAILER_WRITTEN);
        return AmdExtensions.intermediate(draft, product, kind, keys.issuerOf(kind), keys.ark());
    }

    /** A VCEK or VLEK at the usual TCB, to change and finish with {@code der()}. */
    public SoftwareCertificate vekDraft(VekKind kind) {
        return vekDraft(kind, tcb());
    }

    /** A VCEK or VLEK at some TCB, to change and finish with {@code der()}. */
    public SoftwareCertificate vekDraft(VekKind kind, SnpTcb tcb) {
        Duration life = kind == VekKind.VCEK ? VCEK_LIFE : VLEK_LIFE;
        var draft = new SoftwareCertificate(
                AmdNames.leaf(kind),
                AmdNames.intermediate(product, kind),
                0,
                new Window(issuedAt, issuedAt.plus(life)),
                keys.signing(kind).publicKey(),
                keys.issuerOf(kind),
                RsaSignature.AMD_TRAILER_OMITTED);
        return AmdExtensions.vek(draft, product, kind, tcb, chipId());
    }

    /** The ARK's revocation list for one chain, to change and finish with {@code der()}. */
    public SoftwareCrl crlDraft(VekKind kind) {
        return new SoftwareCrl(AmdNames.ark(product), keys.ark(), issuedAt, issuedAt.plus(CRL_LIFE))
                .number(kind == VekKind.VCEK ? 1 : 2);
    }

    /** The text for {@code countersign.insecure.anchors}: the three certificates that count here and nowhere else. */
    public String anchorsPem() {
        return """
                # %s laboratory anchors of a software AMD. They stand for no hardware: whoever trusts them trusts nothing.
                %s%s%s""".formatted(
                        product.kdsName(),
                        anchor(AnchorRole.AMD_ARK, ark),
                        anchor(AnchorRole.AMD_ASK, ask),
                        anchor(AnchorRole.AMD_ASVK, asvk));
    }

    private String anchor(AnchorRole role, Bytes der) {
        return "# anchor: %s %s\n%s".formatted(role.word(), product.kdsName(), Pem.certificate(der));
    }
}
