package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaExtensions;
import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Certificates that are not the device's, not NVIDIA's, or not what they should be. */
final class NvidiaChainCases {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final NvidiaChip CHIP = NVIDIA.h100("fixture").chip();
    private static final NvidiaArchitecture KIND = NvidiaArchitecture.HOPPER;

    private NvidiaChainCases() {}

    static List<NvidiaCase> all() {
        var foreign = SoftwareNvidias.foreign().h100("fixture");
        return List.of(
                chain(
                        "chain-without-its-root",
                        "The root is missing",
                        CHIP.chain().subList(0, 4)),
                chain("chain-without-level-3", "Level 3 is missing", swapped(chain -> chain.remove(2))),
                chain(
                        "chain-without-its-leaf",
                        "The leaf is missing",
                        CHIP.chain().subList(1, 5)),
                chain(
                        "chain-of-the-root-only",
                        "There is nothing but the root",
                        CHIP.chain().subList(4, 5)),
                chain(
                        "chain-with-the-leaf-twice",
                        "The leaf stands there twice",
                        swapped(chain -> chain.addFirst(chain.getFirst()))),
                chain("chain-reversed", "The root comes first", CHIP.chain().reversed()),
                new NvidiaCase("chain-of-another-gpu", "The whole chain of another GPU")
                        .chain(NVIDIA.h100("other").chip().chain())
                        .withoutRims()
                        .fails("gpu.report-signature", "gpu.certificate-chain"),
                chain(
                        "leaf-of-another-gpu",
                        "The leaf of another GPU",
                        swapped(chain -> chain.set(
                                0, NVIDIA.h100("other").chip().leafDraft().der()))),
                chain(
                        "boot-rom-of-another-gpu",
                        "The boot ROM's certificate of another GPU",
                        swapped(chain -> chain.set(
                                1, NVIDIA.h100("other").chip().bromDraft().der()))),
                chain(
                        "level-3-of-switches",
                        "Level 3 of the switches",
                        swapped(chain -> chain.set(
                                2,
                                NVIDIA.provisionerDraft(NvidiaArchitecture.LS10).der()))),
                chain(
                        "chain-by-a-foreign-nvidia",
                        "A whole NVIDIA of one's own",
                        foreign.chip().chain()),
                chain(
                        "chain-of-a-switch",
                        "The whole chain of a switch, NVIDIA's too",
                        NvidiaGoodCases.machine().switches().getFirst().chip().chain()),
                new NvidiaCase(
                                "gpu-report-signed-by-a-switch",
                                "A switch's key signed what a GPU would say, and the switch's chain leads to NVIDIA")
                        .gpu(NVIDIA.h100("fixture")
                                .with(NvidiaGoodCases.machine()
                                        .switches()
                                        .getFirst()
                                        .chip()))
                        .withoutRims()
                        .fails("gpu.certificate-chain"),
                chain(
                        "chain-of-a-rim-signer",
                        "The chain of a signer of reference values, NVIDIA's too",
                        Stream.concat(
                                        Stream.of(
                                                NVIDIA.rims(KIND).signerDraft().der()),
                                        NVIDIA.rims(KIND).authorities().stream())
                                .toList()),
                new NvidiaCase(
                                "everything-by-a-foreign-nvidia",
                                "A whole NVIDIA of one's own, and a report that fits it")
                        .gpu(foreign)
                        .withoutRims()
                        .fails("gpu.certificate-chain"),
                leaf(
                        "leaf-is-an-authority",
                        "The leaf may issue certificates",
                        SoftwareCertificate::certificateAuthority),
                leaf(
                        "leaf-may-not-sign",
                        "The leaf's key usage does not allow to sign data",
                        draft -> draft.replacing(
                                Extension.keyUsage.getId(), NvidiaExtensions.keyUsage(KeyUsage.keyAgreement))),
                leaf(
                        "leaf-with-unknown-critical-extension",
                        "The leaf has a critical extension that nobody knows",
                        draft -> draft.with(
                                "1.3.6.1.4.1.3704.99.1",
                                SoftwareCertificate.Criticality.CRITICAL,
                                Bytes.fromHex("0500"))),
                leaf(
                        "leaf-names-another-architecture",
                        "The leaf's alternative name says GB100",
                        draft -> draft.replacing(
                                Extension.subjectAlternativeName.getId(),
                                NvidiaExtensions.deviceInfo(CHIP.deviceInfo().replace("GH100", "GB100")))),
                leaf(
                        "leaf-expired",
                        "The leaf ended a second ago",
                        draft -> draft.validUntil(SoftwareAmds.AS_OF.minusSeconds(1))),
                leaf(
                        "leaf-signed-by-level-3",
                        "Level 3 signed the leaf under the boot ROM's name",
                        draft -> draft.signedBy(NVIDIA.provisionerKey(KIND))),
                leaf(
                        "leaf-signature-zero",
                        "The leaf's r and s are zero",
                        draft -> draft.signedBy(CHIP.bromKey().altering(raw -> Bytes.zeros(96)))),
                leaf(
                        "leaf-names-another-issuer-key",
                        "The leaf's authority key identifier names another key",
                        draft -> draft.replacing(
                                Extension.authorityKeyIdentifier.getId(),
                                NvidiaExtensions.authorityKeyIdentifier(Bytes.zeros(20)))),
                brom(
                        "boot-rom-is-no-authority",
                        "The boot ROM's certificate is no authority",
                        draft -> draft.without(Extension.basicConstraints.getId())),
                brom(
                        "boot-rom-may-not-issue",
                        "The boot ROM's key usage does not allow to issue",
                        draft -> draft.replacing(
                                Extension.keyUsage.getId(), NvidiaExtensions.keyUsage(KeyUsage.digitalSignature))),
                brom(
                        "boot-rom-not-yet-valid",
                        "The boot ROM's certificate begins 61 seconds from now",
                        draft -> draft.validFrom(Instant.parse("2026-06-01T00:01:01Z"))),
                new NvidiaCase("fwid-extension-of-other-firmware", "The leaf was issued to other firmware than reports")
                        .chain(swapped(chain -> chain.set(
                                0,
                                CHIP.leafDraft()
                                        .replacing(CHIP.fwidExtension(), CHIP.fwidValue(Bytes.fromHex("5a".repeat(48))))
                                        .der())))
                        .fails("gpu.fwid", "gpu.report-signature", "gpu.certificate-chain"),
                new NvidiaCase("fwid-extension-absent", "The leaf does not say which firmware it was issued to")
                        .chain(swapped(chain -> chain.set(
                                0,
                                CHIP.leafDraft().without(CHIP.fwidExtension()).der())))
                        .fails("gpu.certificate-chain", "gpu.report-signature"));
    }

    private static List<Bytes> swapped(java.util.function.Consumer<List<Bytes>> change) {
        var chain = new ArrayList<>(CHIP.chain());
        change.accept(chain);
        return chain;
    }

    private static NvidiaCase leaf(String name, String what, UnaryOperator<SoftwareCertificate> how) {
        return chain(
                name,
                what,
                swapped(chain -> chain.set(0, how.apply(CHIP.leafDraft()).der())));
    }

    private static NvidiaCase brom(String name, String what, UnaryOperator<SoftwareCertificate> how) {
        return chain(
                name,
                what,
                swapped(chain -> chain.set(1, how.apply(CHIP.bromDraft()).der())));
    }

    /** Without a chain no key is known to be the device's, so what the report says is open. */
    private static NvidiaCase chain(String name, String what, List<Bytes> certificates) {
        return new NvidiaCase(name, what).chain(certificates).withoutRims().fails("gpu.certificate-chain");
    }
}
