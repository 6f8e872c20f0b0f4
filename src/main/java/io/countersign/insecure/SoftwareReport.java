package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An attestation report being made: 1184 bytes, every field by name, any byte by offset, before and after signing. It
 * starts out as firmware of its product line would fill it. AMD 56860, "ATTESTATION_REPORT Structure" table.
 */
public final class SoftwareReport {
    public static final int LENGTH = 0x4A0;

    /** What the signature covers: everything before it. */
    private static final int SIGNED_LENGTH = 0x2A0;

    private static final int SIGNATURE_NUMBER_LENGTH = 72;
    private static final long POLICY_MIGRATE_MA = 1L << 18;
    private static final long POLICY_DEBUG = 1L << 19;

    private record Patch(int offset, Bytes bytes) {}

    private final Product product;
    private final byte[] bytes = new byte[LENGTH];
    private final List<Patch> afterSigning = new ArrayList<>();
    private UnaryOperator<BigInteger> changeR = UnaryOperator.identity();
    private UnaryOperator<BigInteger> changeS = UnaryOperator.identity();
    private Optional<ReportKey> otherKey = Optional.empty();

    /** A report as a genuine guest of this product line gets it: version 3, on Turin version 5. */
    SoftwareReport(Product product) {
        this.product = product;
        var defaults = ProductDefaults.of(product);
        cpuid(defaults.family(), defaults.model(), defaults.stepping());
        version(defaults.version());
        policy(0x3001F);
        vmpl(0);
        signatureAlgo(1);
        platformInfo(defaults.platformInfo());
        everyTcb(defaults.tcb());
        currentVersion(1, 55, defaults.firmwareBuild());
        committedVersion(1, 55, defaults.firmwareBuild());
        measurement(ProductDefaults.MEASUREMENT);
        chipId(defaults.chipId());
        field(ReportField.REPORT_ID, Bytes.utf8("countersign laboratory report").sha256());
        field(ReportField.REPORT_ID_MA, Bytes.fromHex("ff".repeat(32)));
    }

    /** Sets the version and clears the fields that it does not have yet. */
    public SoftwareReport version(int version) {
        if (version < 3) {
            cpuid(0, 0, 0);
        }
        long mitigations = version < 5 ? 0 : ProductDefaults.of(product).mitigations();
        launchMitVector(mitigations);
        currentMitVector(mitigations);
        return u32(ReportField.VERSION, version);
    }

    public SoftwareReport guestSvn(int value) {
        return u32(ReportField.GUEST_SVN, value);
    }

    public SoftwareReport policy(long value) {
        return u64(ReportField.POLICY, value);
    }

    public SoftwareReport policyDebug(boolean allowed) {
        return policy(allowed ? policyNow() | POLICY_DEBUG : policyNow() & ~POLICY_DEBUG);
    }

    public SoftwareReport policyMigrateMa(boolean allowed) {
        return policy(allowed ? policyNow() | POLICY_MIGRATE_MA : policyNow() & ~POLICY_MIGRATE_MA);
    }

    private long policyNow() {
        return new BigInteger(1, at(ReportField.POLICY).reversed().toByteArray()).longValue();
    }

    public SoftwareReport familyId(Bytes value) {
        return field(ReportField.FAMILY_ID, value);
    }

    public SoftwareReport imageId(Bytes value) {
        return field(ReportField.IMAGE_ID, value);
    }

    /** 0 to 3, or -1 for a report that the host asked for. */
    public SoftwareReport vmpl(int value) {
        return u32(ReportField.VMPL, value);
    }

    public SoftwareReport signatureAlgo(int value) {
        return u32(ReportField.SIGNATURE_ALGO, value);
    }

    public SoftwareReport platformInfo(long value) {
        return u64(ReportField.PLATFORM_INFO, value);
    }

    /** Says which kind of key signs, and signs with it; a VLEK's report shows no chip. */
    public SoftwareReport signingKey(VekKind kind) {
        return switch (kind) {
            case VCEK -> flags(0);
            case VLEK -> flags(1 << 2).chipId(Bytes.zeros(64));
        };
    }

    /** The whole word: bit 0 AUTHOR_KEY_EN, bit 1 MASK_CHIP_KEY, bits 4 to 2 SIGNING_KEY. */
    public SoftwareReport flags(int value) {
        return u32(ReportField.FLAGS, value);
    }

    public SoftwareReport reportData(Bytes value) {
        return field(ReportField.REPORT_DATA, value);
    }

    public SoftwareReport measurement(Bytes value) {
        return field(ReportField.MEASUREMENT, value);
    }

    public SoftwareReport hostData(Bytes value) {
        return field(ReportField.HOST_DATA, value);
    }

    public SoftwareReport idKeyDigest(Bytes value) {
        return field(ReportField.ID_KEY_DIGEST, value);
    }

    public SoftwareReport authorKeyDigest(Bytes value) {
        return field(ReportField.AUTHOR_KEY_DIGEST, value);
    }

    public SoftwareReport cpuid(int family, int model, int stepping) {
        return u8(ReportField.CPUID_FAM_ID, family)
                .u8(ReportField.CPUID_MOD_ID, model)
                .u8(ReportField.CPUID_STEP, stepping);
    }

    public SoftwareReport chipId(Bytes value) {
        return field(ReportField.CHIP_ID, value);
    }

    public SoftwareReport currentTcb(SnpTcb tcb) {
        return field(ReportField.CURRENT_TCB, ProductDefaults.encoded(tcb));
    }

    public SoftwareReport reportedTcb(SnpTcb tcb) {
        return field(ReportField.REPORTED_TCB, ProductDefaults.encoded(tcb));
    }

    public SoftwareReport committedTcb(SnpTcb tcb) {
        return field(ReportField.COMMITTED_TCB, ProductDefaults.encoded(tcb));
    }

    public SoftwareReport launchTcb(SnpTcb tcb) {
        return field(ReportField.LAUNCH_TCB, ProductDefaults.encoded(tcb));
    }

    public SoftwareReport everyTcb(SnpTcb tcb) {
        return currentTcb(tcb).reportedTcb(tcb).committedTcb(tcb).launchTcb(tcb);
    }

    public SoftwareReport currentVersion(int major, int minor, int build) {
        return u8(ReportField.CURRENT_MAJOR, major)
                .u8(ReportField.CURRENT_MINOR, minor)
                .u8(ReportField.CURRENT_BUILD, build);
    }

    public SoftwareReport committedVersion(int major, int minor, int build) {
        return u8(ReportField.COMMITTED_MAJOR, major)
                .u8(ReportField.COMMITTED_MINOR, minor)
                .u8(ReportField.COMMITTED_BUILD, build);
    }

    public SoftwareReport launchMitVector(long value) {
        return u64(ReportField.LAUNCH_MIT_VECTOR, value);
    }

    public SoftwareReport currentMitVector(long value) {
        return u64(ReportField.CURRENT_MIT_VECTOR, value);
    }

    /** Any field; a value that does not fill it exactly is an {@link IllegalArgumentException}. */
    public SoftwareReport field(ReportField field, Bytes value) {
        if (value.length() != field.length()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, not %d".formatted(field, field.length(), value.length()));
        }
        return patch(field.offset(), value);
    }

    /** Any bytes anywhere, before signing: the signature will cover them. */
    public SoftwareReport patch(int offset, Bytes value) {
        System.arraycopy(value.toByteArray(), 0, bytes, offset, value.length());
        return this;
    }

    /** Any bytes anywhere, after signing. */
    public SoftwareReport patchAfterSigning(int offset, Bytes value) {
        afterSigning.add(new Patch(offset, value));
        return this;
    }

    public SoftwareReport changingR(UnaryOperator<BigInteger> change) {
        changeR = change;
        return this;
    }

    public SoftwareReport changingS(UnaryOperator<BigInteger> change) {
        changeS = change;
        return this;
    }

    /** Signs with this key, whatever SIGNING_KEY says. */
    public SoftwareReport signedWith(ReportKey key) {
        otherKey = Optional.of(key);
        return this;
    }

    /** The 1184 bytes, signed by the key that SIGNING_KEY names unless another one was given. */
    Bytes signed(SoftwareKeys keys) {
        int signingKey = at(ReportField.FLAGS).u8(0) >> 2;
        ReportKey key = otherKey.orElseGet(() -> keys.signing(signingKey == 1 ? VekKind.VLEK : VekKind.VCEK));
        var signature = key.sign(Bytes.copyOf(bytes).slice(0, SIGNED_LENGTH));
        field(ReportField.SIGNATURE_R, number(changeR.apply(signature.r())));
        field(ReportField.SIGNATURE_S, number(changeS.apply(signature.s())));
        afterSigning.forEach(patch -> patch(patch.offset, patch.bytes));
        return Bytes.copyOf(bytes);
    }

    /** Little-endian, zero-extended to 72 bytes. AMD 56860, "Signature" tables. */
    private static Bytes number(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        int sign = bigEndian[0] == 0 ? 1 : 0;
        return Bytes.copyOf(bigEndian).slice(sign, bigEndian.length).reversed().zeroPaddedTo(SIGNATURE_NUMBER_LENGTH);
    }

    private Bytes at(ReportField field) {
        return Bytes.copyOf(bytes).slice(field.offset(), field.offset() + field.length());
    }

    private SoftwareReport u8(ReportField field, int value) {
        return field(field, Bytes.copyOf((byte) value));
    }

    private SoftwareReport u32(ReportField field, int value) {
        return field(field, LittleEndian.u32(value));
    }

    private SoftwareReport u64(ReportField field, long value) {
        return field(field, LittleEndian.u64(value));
    }
}
