package io.countersign.client.machine;

import io.countersign.client.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The binding {@code countersign-v1}: the devices answer the nonce and the key, and the CPU report, made last, commits to their
 * answers. Contract, section 6.
 *
 * @param nonce N, the challenge
 * @param thumbprint K, of the attested key (RFC 7638, SHA-256), or empty
 */
public record Binding(Bytes nonce, Bytes thumbprint) {
    private static final int MAX_LENGTH = 0xffff;

    /** The 32 bytes that every GPU and switch answers. */
    public Bytes deviceNonce() {
        var input = new ByteArrayOutputStream();
        input.writeBytes(ascii("countersign/v1/device"));
        lengthPrefixed(input, nonce.toByteArray());
        lengthPrefixed(input, thumbprint.toByteArray());
        return Bytes.of(input.toByteArray()).sha256();
    }

    /** The 64 bytes that the CPU report carries; takes the devices as {@link Device#inOrder} has them. */
    public Bytes reportData(List<Device> devices) {
        var input = new ByteArrayOutputStream();
        input.writeBytes(ascii("countersign/v1/cpu"));
        lengthPrefixed(input, nonce.toByteArray());
        lengthPrefixed(input, thumbprint.toByteArray());
        lengthPrefixed(input, answers(devices));
        return Bytes.of(input.toByteArray()).sha512();
    }

    /** D: no bytes at all where there is no device. */
    private static byte[] answers(List<Device> devices) {
        if (devices.isEmpty()) {
            return new byte[0];
        }
        var input = new ByteArrayOutputStream();
        for (Device device : Device.inOrder(devices)) {
            lengthPrefixed(input, ascii(device.label()));
            input.writeBytes(device.evidence().sha256().toByteArray());
        }
        return Bytes.of(input.toByteArray()).sha256().toByteArray();
    }

    private static void lengthPrefixed(ByteArrayOutputStream out, byte[] value) {
        if (value.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a length of two bytes cannot state " + value.length);
        }
        out.write(value.length >> 8);
        out.write(value.length);
        out.writeBytes(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
