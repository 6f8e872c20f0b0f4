package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A whole NVIDIA in software: device root and authorities, chips, signers of reference values, the RIM service and the OCSP
 * responder. Names, extensions and encodings are NVIDIA's; the keys are not, so nothing here passes without an anchor that
 * says so.
 */
public final class SoftwareNvidia {
    private static final Duration CRL_LIFE = Duration.ofDays(30);

    private final Map<String, NvidiaKey> keys = new ConcurrentHashMap<>();
    private final Function<String, NvidiaKey> source;
    private final Instant asOf;

    /**
     * An NVIDIA with these keys.
     *
     * @param source the key that belongs to a name; asked once for each
     * @param asOf whole seconds; answers and lists are issued a little before it
     */
    public SoftwareNvidia(Function<String, NvidiaKey> source, Instant asOf) {
        this.source = source;
        this.asOf = asOf;
    }

    /** An NVIDIA whose keys are made as they are needed and end with this object. */
    public static SoftwareNvidia fresh(SecureRandom random, Instant asOf) {
        return new SoftwareNvidia(_ -> NvidiaKey.from(random), asOf);
    }

    /** The key that belongs to a name. */
    public NvidiaKey key(String name) {
        return keys.computeIfAbsent(name, source);
    }

    public Instant asOf() {
        return asOf;
    }

    /** A current H100 in its own guest. */
    public SoftwareGpu h100(String name) {
        return SoftwareGpu.of(this, NvidiaBoard.H100, name);
    }

    public SoftwareGpu b200(String name) {
        return SoftwareGpu.of(this, NvidiaBoard.B200, name);
    }

    /** A chip by its name, with the firmware that all chips of its kind have. */
    public NvidiaChip chip(NvidiaArchitecture architecture, String name) {
        return new NvidiaChip(
                this, architecture, name, 1, NvidiaGolden.measured("firmware of " + architecture.product()));
    }

    public Bytes deviceRoot() {
        return deviceRootDraft().der();
    }

    public Bytes rimRoot() {
        return rims(NvidiaArchitecture.HOPPER).rootDraft().der();
    }

    public NvidiaKey deviceRootKey() {
        return key("device-root");
    }

    /** Of level 2, which Hopper shares with the switches. */
    public NvidiaKey identityKey(NvidiaArchitecture architecture) {
        return key(architecture.identity());
    }

    public NvidiaKey provisionerKey(NvidiaArchitecture architecture) {
        return key(architecture.provisioner());
    }

    /** The root of devices to change and finish with {@code der()}. */
    public SoftwareCertificate deviceRootDraft() {
        return NvidiaExtensions.identified(
                NvidiaExtensions.authority(draft(
                        NvidiaNames.DEVICE_ROOT,
                        NvidiaNames.DEVICE_ROOT_SERIAL,
                        NvidiaNames.DEVICE_ROOT_WINDOW,
                        deviceRootKey(),
                        NvidiaNames.DEVICE_ROOT,
                        deviceRootKey())),
                deviceRootKey(),
                deviceRootKey());
    }

    /** Level 2 to change and finish with {@code der()}. */
    public SoftwareCertificate identityDraft(NvidiaArchitecture architecture) {
        boolean blackwell = architecture == NvidiaArchitecture.BLACKWELL;
        return NvidiaExtensions.identified(
                NvidiaExtensions.revocable(
                        NvidiaExtensions.authority(draft(
                                architecture.identity(),
                                NvidiaNames.serial(architecture.identity(), 16),
                                NvidiaNames.endless(blackwell ? "2023-01-01T00:00:00Z" : "2022-01-12T00:00:00Z"),
                                identityKey(architecture),
                                NvidiaNames.DEVICE_ROOT,
                                deviceRootKey())),
                        NvidiaNames.ROOT_CRL_ADDRESS),
                identityKey(architecture),
                deviceRootKey());
    }

    /** Level 3 to change and finish with {@code der()}. */
    public SoftwareCertificate provisionerDraft(NvidiaArchitecture architecture) {
        boolean blackwell = architecture == NvidiaArchitecture.BLACKWELL;
        return NvidiaExtensions.identified(
                NvidiaExtensions.revocable(
                        NvidiaExtensions.authority(draft(
                                architecture.provisioner(),
                                NvidiaNames.serial(architecture.provisioner(), 16),
                                NvidiaNames.endless(blackwell ? architecture.born() : "2022-03-01T00:00:00Z"),
                                provisionerKey(architecture),
                                architecture.identity(),
                                identityKey(architecture))),
                        "http://crl.ndis.nvidia.com/crl/l2-%s.crl".formatted(architecture.family())),
                provisionerKey(architecture),
                identityKey(architecture));
    }

    /** Levels 3, 2 and the root, in DER. */
    public List<Bytes> deviceAuthorities(NvidiaArchitecture architecture) {
        return List.of(
                provisionerDraft(architecture).der(),
                identityDraft(architecture).der(),
                deviceRoot());
    }

    /** Who signs the reference values of an architecture. */
    public NvidiaRimPki rims(NvidiaArchitecture architecture) {
        return new NvidiaRimPki(this, architecture);
    }

    /** The answers about the three certificates between a chip's leaf and the root, from below. */
    public List<SoftwareOcsp> answersAbout(NvidiaChip chip) {
        List<Bytes> chain = chip.chain();
        NvidiaArchitecture kind = chip.architecture();
        return List.of(
                answer(provisionerResponder(kind), chain.get(1), chain.get(2)),
                answer(identityResponder(kind), chain.get(2), chain.get(3)),
                answer(rootResponder(), chain.get(3), chain.get(4)));
    }

    /** The answers about a signer's certificate and the two authorities above it. */
    public List<SoftwareOcsp> answersAbout(NvidiaRimPki pki, SoftwareCertificate signer) {
        List<Bytes> authorities = pki.authorities();
        return List.of(
                answer(
                        new NvidiaResponder(this, pki.levelThree(), pki.levelThreeKey()),
                        signer.der(),
                        authorities.get(0)),
                answer(
                        new NvidiaResponder(this, pki.levelTwo(), pki.levelTwoKey()),
                        authorities.get(0),
                        authorities.get(1)),
                answer(
                        new NvidiaResponder(this, NvidiaNames.RIM_ROOT, pki.rootKey()),
                        authorities.get(1),
                        authorities.get(2)));
    }

    public List<SoftwareOcsp> answersAbout(NvidiaRimPki pki) {
        return answersAbout(pki, pki.signerDraft());
    }

    /** An answer by any responder about any certificate, in DER. */
    public SoftwareOcsp answer(NvidiaResponder responder, Bytes certificate, Bytes issuer) {
        return new SoftwareOcsp(responder, certificate, issuer, asOf);
    }

    /** Who answers about boot ROMs. */
    public NvidiaResponder provisionerResponder(NvidiaArchitecture architecture) {
        return new NvidiaResponder(this, architecture.provisioner(), provisionerKey(architecture));
    }

    /** Who answers about level 3. */
    public NvidiaResponder identityResponder(NvidiaArchitecture architecture) {
        return new NvidiaResponder(this, architecture.identity(), identityKey(architecture));
    }

    /** Who answers about level 2. */
    public NvidiaResponder rootResponder() {
        return new NvidiaResponder(this, NvidiaNames.DEVICE_ROOT, deviceRootKey());
    }

    /** The root's revocation list, empty, to change and finish with {@code der()}. */
    public SoftwareCrl rootCrlDraft() {
        return crl(NvidiaNames.DEVICE_ROOT, deviceRootKey());
    }

    /** The list of level 2, empty, to change and finish with {@code der()}. */
    public SoftwareCrl identityCrlDraft(NvidiaArchitecture architecture) {
        return crl(architecture.identity(), identityKey(architecture));
    }

    private SoftwareCrl crl(String issuer, NvidiaKey signer) {
        Instant issuedAt = asOf.minus(Duration.ofDays(1));
        return new SoftwareCrl(NvidiaNames::name, issuer, signer, issuedAt, issuedAt.plus(CRL_LIFE))
                .authorityKeyIdentifier(signer.identifierOfKey());
    }

    SoftwareCertificate draft(
            String subject, BigInteger serial, Window window, NvidiaKey key, String issuer, NvidiaKey signer) {
        return new SoftwareCertificate(NvidiaNames::name, subject, issuer, serial, window, key.publicKey(), signer);
    }

    /** The text for {@code countersign.insecure.anchors}: the roots that count here and nowhere else. */
    public String anchorsPem() {
        return """
                # Laboratory anchors of a software NVIDIA. They stand for no hardware: whoever trusts them trusts nothing.
                # anchor: %s
                %s# anchor: %s
                %s""".formatted(
                        AnchorRole.NVIDIA_DEVICE_ROOT.word(),
                        Pem.certificate(deviceRoot()),
                        AnchorRole.NVIDIA_RIM_ROOT.word(),
                        Pem.certificate(rimRoot()));
    }
}
