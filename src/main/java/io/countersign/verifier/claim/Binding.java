package io.countersign.verifier.claim;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * What the evidence must commit to. {@code countersign-v1}: every device answers a nonce derived from the request's
 * nonce and key; the CPU report is made last and commits to the nonce, the key and exactly these devices' answers.
 *
 * @param nonce 16 to 64 bytes, or empty with {@link BindingMethod#NONE}
 * @param keyThumbprint RFC 7638 SHA-256 of the attested key, 32 bytes, or empty when no key is bound
 */
public record Binding(BindingMethod method, Bytes nonce, Bytes keyThumbprint) {
    public static final int MIN_NONCE = 16;
    public static final int MAX_NONCE = 64;
    private static final int REPORT_DATA = 64;
    private static final Bytes CPU_LABEL = Bytes.utf8("countersign/v1/cpu");
    private static final Bytes DEVICE_LABEL = Bytes.utf8("countersign/v1/device");

    /** One GPU or switch: its label and its decoded evidence bytes. */
    public record Device(String label, Bytes evidence) {}

    public Binding {
        boolean bound = method != BindingMethod.NONE;
        if (bound && (nonce.length() < MIN_NONCE || nonce.length() > MAX_NONCE)) {
            throw new IllegalArgumentException("a nonce is 16 to 64 bytes, not " + nonce.length());
        }
        if (method == BindingMethod.NONCE && nonce.length() != 32 && nonce.length() != 64) {
            throw new IllegalArgumentException("with the binding nonce, a nonce is 32 or 64 bytes");
        }
        if (keyThumbprint.length() != 0 && (method != BindingMethod.COUNTERSIGN_V1 || keyThumbprint.length() != 32)) {
            throw new IllegalArgumentException("a key goes with countersign-v1 only, as a 32-byte thumbprint");
        }
    }

    public static Binding none() {
        return new Binding(BindingMethod.NONE, Bytes.empty(), Bytes.empty());
    }

    /** The 64 bytes that the CPU's report_data must hold; empty when nothing is bound. Devices in binding order. */
    public Optional<Bytes> expectedReportData(List<Device> devices) {
        return switch (method) {
            case COUNTERSIGN_V1 ->
                Optional.of(Bytes.concat(CPU_LABEL, lp(nonce), lp(keyThumbprint), lp(devicesDigestOrEmpty(devices)))
                        .sha512());
            case NONCE -> Optional.of(nonce.zeroPaddedTo(REPORT_DATA));
            case NONE -> Optional.empty();
        };
    }

    /** The 32 bytes that every GPU and switch must have answered; empty when nothing is bound. */
    public Optional<Bytes> expectedDeviceNonce() {
        return switch (method) {
            case COUNTERSIGN_V1 ->
                Optional.of(
                        Bytes.concat(DEVICE_LABEL, lp(nonce), lp(keyThumbprint)).sha256());
            case NONCE -> Optional.of(nonce.length() == 32 ? nonce : nonce.sha256());
            case NONE -> Optional.empty();
        };
    }

    /** {@code D}: zero bytes when there is no device. */
    public static Bytes devicesDigestOrEmpty(List<Device> devices) {
        if (devices.isEmpty()) {
            return Bytes.empty();
        }
        return Bytes.concat(devices.stream()
                        .flatMap(device -> java.util.stream.Stream.of(
                                lp(Bytes.utf8(device.label())),
                                device.evidence().sha256()))
                        .toArray(Bytes[]::new))
                .sha256();
    }

    /** {@code lp(x)}: the length of x as two bytes, big-endian, then x. */
    public static Bytes lp(Bytes x) {
        return Bytes.concat(Bytes.copyOf((byte) (x.length() >> 8), (byte) x.length()), x);
    }
}
