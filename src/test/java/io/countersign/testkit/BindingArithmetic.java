package io.countersign.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Section 6 of the design written a second time, with plain digests and nothing of {@code verifier}, so that the vectors do
 * not only repeat what the verifier thinks.
 */
final class BindingArithmetic {
    /** One GPU or switch, its evidence in hex. */
    record Device(String label, String evidenceHex) {
        byte[] evidence() {
            return HexFormat.of().parseHex(evidenceHex);
        }
    }

    private BindingArithmetic() {}

    static byte[] lp(byte[] x) {
        return join(new byte[] {(byte) (x.length >>> 8), (byte) (x.length & 0xFF)}, x);
    }

    static byte[] deviceNonceInput(byte[] nonce, byte[] thumbprint) {
        return join(ascii("countersign/v1/device"), lp(nonce), lp(thumbprint));
    }

    /** What D is the SHA-256 of; empty when there is no device. */
    static byte[] devicesInput(List<Device> devices) {
        byte[] joined = {};
        for (Device device : devices) {
            joined = join(joined, lp(ascii(device.label())), hash("SHA-256", device.evidence()));
        }
        return joined;
    }

    /** D: zero bytes when there is no device. */
    static byte[] devicesDigest(List<Device> devices) {
        return devices.isEmpty() ? new byte[0] : hash("SHA-256", devicesInput(devices));
    }

    static byte[] reportDataInput(byte[] nonce, byte[] thumbprint, byte[] devicesDigest) {
        return join(ascii("countersign/v1/cpu"), lp(nonce), lp(thumbprint), lp(devicesDigest));
    }

    static byte[] reportData(byte[] nonce, byte[] thumbprint, List<Device> devices) {
        return hash("SHA-512", reportDataInput(nonce, thumbprint, devicesDigest(devices)));
    }

    static byte[] hash(String algorithm, byte[] input) {
        try {
            return MessageDigest.getInstance(algorithm).digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
