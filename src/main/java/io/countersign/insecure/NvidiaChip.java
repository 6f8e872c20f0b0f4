package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * One chip with its identity: the boot ROM's key, burnt in for ever, and the key that signs reports, new with each boot.
 *
 * @param name tells chips apart: identity and keys are derived from it
 * @param boot tells the boots of a chip apart
 * @param fwid SHA-384 of the first mutable firmware, which the leaf certificate names
 */
public record NvidiaChip(SoftwareNvidia nvidia, NvidiaArchitecture architecture, String name, int boot, Bytes fwid) {
    /** The identity as the boot ROM's certificate ends with it: 8 bytes. */
    public Bytes pdi() {
        return Bytes.utf8("countersign laboratory chip " + name).sha256().slice(0, 8);
    }

    /** The same chip after it was started anew: another leaf, the same boot ROM. */
    public NvidiaChip rebooted() {
        return new NvidiaChip(nvidia, architecture, name, boot + 1, fwid);
    }

    public NvidiaChip firmware(Bytes other) {
        return new NvidiaChip(nvidia, architecture, name, boot, other);
    }

    public NvidiaKey bromKey() {
        return nvidia.key(name + "-brom");
    }

    public NvidiaKey leafKey() {
        return nvidia.key("%s-leaf-%d".formatted(name, boot));
    }

    /** The serialNumber in the boot ROM certificate's name; also that certificate's serial. */
    public String bromSerial() {
        return architecture.serialPrefix() + pdi().toString().toUpperCase(Locale.ROOT);
    }

    private String bromName() {
        return NvidiaNames.ofChip(architecture.bromName(), bromSerial());
    }

    /** The boot ROM's certificate to change and finish with {@code der()}. */
    public SoftwareCertificate bromDraft() {
        NvidiaKey issuer = nvidia.provisionerKey(architecture);
        var draft = nvidia.draft(
                        bromName(),
                        new BigInteger(bromSerial(), 16),
                        NvidiaNames.endless(architecture.born()),
                        bromKey(),
                        architecture.provisioner(),
                        issuer)
                .certificateAuthority()
                .with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        NvidiaExtensions.keyUsage(KeyUsage.keyCertSign));
        var named = architecture == NvidiaArchitecture.BLACKWELL ? NvidiaExtensions.answered(draft) : draft;
        return NvidiaExtensions.identified(named, bromKey(), issuer);
    }

    /** The certificate of the key that signs reports, to change and finish with {@code der()}. */
    public SoftwareCertificate leafDraft() {
        var draft = nvidia.draft(
                        NvidiaNames.ofChip(architecture.leafName(), "%040X".formatted(leafSerial())),
                        leafSerial(),
                        NvidiaNames.endless(architecture.born()),
                        leafKey(),
                        bromName(),
                        bromKey())
                .with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        NvidiaExtensions.keyUsage(KeyUsage.digitalSignature));
        return NvidiaExtensions.identified(draft, leafKey(), bromKey())
                .with(Extension.subjectAlternativeName.getId(), NvidiaExtensions.deviceInfo(deviceInfo()))
                .with(fwidExtension(), fwidValue(fwid));
    }

    public String deviceInfo() {
        String serial = Bytes.utf8("countersign laboratory board " + name)
                .sha256()
                .slice(0, 5)
                .toString();
        return "NVIDIA:%s:48B02D%s".formatted(architecture.chip(), serial.toUpperCase(Locale.ROOT));
    }

    /** The extension that names the firmware. */
    public String fwidExtension() {
        return architecture == NvidiaArchitecture.BLACKWELL
                ? NvidiaNames.DICE_TCB_INFO
                : NvidiaNames.COMPOSITE_DEVICE_ID;
    }

    /** What that extension would hold for this firmware. */
    public Bytes fwidValue(Bytes firmware) {
        return architecture == NvidiaArchitecture.BLACKWELL
                ? NvidiaExtensions.diceTcbInfo(architecture.model(), firmware, Bytes.zeros(48))
                : NvidiaExtensions.compositeDeviceId(nvidia.key(name + "-device"), firmware);
    }

    /** The key's identifier with its first two bits set to 01. */
    public BigInteger leafSerial() {
        byte[] digits = leafKey().identifierOfKey().toByteArray();
        digits[0] = (byte) (digits[0] & 0x3F | 0x40);
        return new BigInteger(1, digits);
    }

    /** Five certificates in DER, leaf first. */
    public List<Bytes> chain() {
        return Stream.concat(
                        Stream.of(leafDraft().der(), bromDraft().der()),
                        nvidia.deviceAuthorities(architecture).stream())
                .toList();
    }

    public String chainPem() {
        return pem(chain());
    }

    public static String pem(List<Bytes> certificates) {
        return certificates.stream().map(Pem::certificate).collect(Collectors.joining());
    }
}
