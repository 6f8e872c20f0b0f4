package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Who signs the reference values of one architecture: root, two authorities and a signer of about two years.
 *
 * @param architecture whose values; GPUs of another kind and switches have other authorities under the same root
 */
public record NvidiaRimPki(SoftwareNvidia nvidia, NvidiaArchitecture architecture) {
    private static final Instant AS_OF = Instant.parse("2026-06-01T00:00:00Z");

    /** As of that instant; what serves another one is moved along, so that nothing of this ends by the calendar. */
    private static final Window LEVEL_2 = window("2023-05-11T00:00:00Z", "2033-05-11T23:59:59Z");

    private static final Window LEVEL_3 = window("2023-10-31T00:00:00Z", "2027-04-30T23:59:59Z");
    private static final Window SIGNER = window("2024-12-30T16:56:50Z", "2026-12-30T16:56:50Z");
    private static final Window LATER_SIGNER = window("2026-03-02T10:11:12Z", "2028-03-01T10:11:12Z");

    public String levelTwo() {
        return switch (architecture) {
            case HOPPER -> "NVIDIA Reference Value GH100 CA";
            case BLACKWELL -> "NVIDIA Reference Value GB1XX CA 001";
            case LS10 -> "NVIDIA Reference Value LS10 CA";
        };
    }

    public String levelThree() {
        return switch (architecture) {
            case HOPPER -> "NVIDIA Reference Value L3 GH100 001";
            case BLACKWELL -> "NVIDIA Reference Value L3 GB100-CC 001";
            case LS10 -> "NVIDIA Reference Value L3 LS10 001";
        };
    }

    public String signer() {
        return switch (architecture) {
            case HOPPER -> "HCC RIM L4 Signer";
            case BLACKWELL -> "RIM L4 Signer";
            case LS10 -> "NVIDIA Reference Value L4 LS10";
        };
    }

    public NvidiaKey rootKey() {
        return nvidia.key("rim-root");
    }

    public NvidiaKey levelTwoKey() {
        return nvidia.key(levelTwo());
    }

    public NvidiaKey levelThreeKey() {
        return nvidia.key(levelThree());
    }

    public NvidiaKey signerKey() {
        return nvidia.key(signer() + " 1");
    }

    /** Of the signer that comes after. */
    public NvidiaKey laterSignerKey() {
        return nvidia.key(signer() + " 2");
    }

    /** The root to change and finish with {@code der()}. */
    public SoftwareCertificate rootDraft() {
        var draft = nvidia.draft(
                NvidiaNames.RIM_ROOT,
                NvidiaNames.RIM_ROOT_SERIAL,
                NvidiaNames.RIM_ROOT_WINDOW,
                rootKey(),
                NvidiaNames.RIM_ROOT,
                rootKey());
        return NvidiaExtensions.authority(NvidiaExtensions.identified(draft, rootKey(), rootKey()));
    }

    public SoftwareCertificate levelTwoDraft() {
        var draft = nvidia.draft(
                        levelTwo(),
                        NvidiaNames.serial(levelTwo(), 16),
                        moved(LEVEL_2),
                        levelTwoKey(),
                        NvidiaNames.RIM_ROOT,
                        rootKey())
                .generalizedTimes();
        return NvidiaExtensions.identified(
                NvidiaExtensions.revocable(NvidiaExtensions.authority(draft), NvidiaNames.RIM_ROOT_CRL_ADDRESS),
                levelTwoKey(),
                rootKey());
    }

    public SoftwareCertificate levelThreeDraft() {
        var draft = nvidia.draft(
                        levelThree(),
                        NvidiaNames.serial(levelThree(), 16),
                        moved(LEVEL_3),
                        levelThreeKey(),
                        levelTwo(),
                        levelTwoKey())
                .generalizedTimes();
        return NvidiaExtensions.identified(
                NvidiaExtensions.answered(NvidiaExtensions.authority(draft, 0)), levelThreeKey(), levelTwoKey());
    }

    /** The signer's certificate to change and finish with {@code der()}. */
    public SoftwareCertificate signerDraft() {
        return signerDraft("1", signerKey(), moved(SIGNER));
    }

    /** The certificate of the signer who signs again when the first one's time draws to a close. */
    public SoftwareCertificate laterSignerDraft() {
        return signerDraft("2", laterSignerKey(), moved(LATER_SIGNER));
    }

    private SoftwareCertificate signerDraft(String number, NvidiaKey key, Window window) {
        var draft = nvidia.draft(
                signer(), NvidiaNames.serial(signer() + " " + number, 20), window, key, levelThree(), levelThreeKey());
        return NvidiaExtensions.answered(NvidiaExtensions.identified(draft, key, levelThreeKey())
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, NvidiaExtensions.noAuthority())
                .with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        NvidiaExtensions.keyUsage(KeyUsage.digitalSignature)));
    }

    /** Levels 3, 2 and the root, in DER. */
    public List<Bytes> authorities() {
        return List.of(
                levelThreeDraft().der(), levelTwoDraft().der(), rootDraft().der());
    }

    private Window moved(Window window) {
        Duration by = Duration.between(AS_OF, nvidia.asOf());
        return new Window(window.notBefore().plus(by), window.notAfter().plus(by));
    }

    private static Window window(String from, String until) {
        return new Window(Instant.parse(from), Instant.parse(until));
    }
}
