package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.testkit.BindingArithmetic.Device;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes {@code fixtures/binding-vectors.json}: inputs and every intermediate hash of each binding. */
final class BindingVectors {
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final byte[] NO_KEY = {};

    private BindingVectors() {}

    static ObjectNode document() {
        var document = JSON.objectNode();
        document.put(
                "about",
                "Inputs and every intermediate value of the bindings countersign-v1 and nonce. All values are hex, but for"
                        + " labels, the key and the text its thumbprint is taken of (RFC 7638, UTF-8). lp(x) is the length"
                        + " of x as two bytes big-endian, then x.");
        document.set("countersign_v1", countersign());
        document.set("nonce", nonce());
        return document;
    }

    private static ArrayNode countersign() {
        var rows = JSON.arrayNode();
        for (int devices : new int[] {0, 1, 12}) {
            for (int nonceLength : new int[] {16, 32, 64}) {
                rows.add(row(devices(devices), nonceLength, false));
                rows.add(row(devices(devices), nonceLength, true));
            }
        }
        return rows;
    }

    private static ObjectNode row(List<Device> devices, int nonceLength, boolean withKey) {
        byte[] nonce = filler("nonce", nonceLength);
        var row = JSON.objectNode();
        row.put(
                "name",
                "%d devices, nonce of %d bytes, %s"
                        .formatted(devices.size(), nonceLength, withKey ? "with a key" : "no key"));
        row.put("nonce", hex(nonce));
        byte[] thumbprint = NO_KEY;
        if (withKey) {
            var key = key();
            String canonical = canonical(key);
            thumbprint = BindingArithmetic.hash("SHA-256", BindingArithmetic.ascii(canonical));
            row.set("key", key);
            row.put("key_thumbprint_input", canonical);
        }
        row.put("key_thumbprint", hex(thumbprint));
        row.put("lp_nonce", hex(BindingArithmetic.lp(nonce)));
        row.put("lp_key_thumbprint", hex(BindingArithmetic.lp(thumbprint)));
        byte[] deviceNonceInput = BindingArithmetic.deviceNonceInput(nonce, thumbprint);
        row.put("device_nonce_input", hex(deviceNonceInput));
        row.put("device_nonce", hex(BindingArithmetic.hash("SHA-256", deviceNonceInput)));
        row.set("devices", described(devices));
        byte[] digest = BindingArithmetic.devicesDigest(devices);
        row.put("d_input", hex(BindingArithmetic.devicesInput(devices)));
        row.put("d", hex(digest));
        row.put("lp_d", hex(BindingArithmetic.lp(digest)));
        byte[] input = BindingArithmetic.reportDataInput(nonce, thumbprint, digest);
        byte[] reportData = BindingArithmetic.hash("SHA-512", input);
        row.put("report_data_input", hex(input));
        row.put("report_data", hex(reportData));
        row.put("tpm_extra_data", hex(Arrays.copyOf(reportData, 32)));
        return row;
    }

    private static ArrayNode described(List<Device> devices) {
        var described = JSON.arrayNode();
        for (Device device : devices) {
            described
                    .addObject()
                    .put("label", device.label())
                    .put("evidence", hex(device.evidence()))
                    .put("lp_label", hex(BindingArithmetic.lp(BindingArithmetic.ascii(device.label()))))
                    .put("evidence_sha256", hex(BindingArithmetic.hash("SHA-256", device.evidence())));
        }
        return described;
    }

    private static ArrayNode nonce() {
        var rows = JSON.arrayNode();
        for (int length : new int[] {32, 64}) {
            byte[] nonce = filler("nonce", length);
            rows.addObject()
                    .put("name", "nonce of %d bytes".formatted(length))
                    .put("nonce", hex(nonce))
                    .put("device_nonce", hex(length == 32 ? nonce : BindingArithmetic.hash("SHA-256", nonce)))
                    .put("report_data", hex(Arrays.copyOf(nonce, 64)));
        }
        return rows;
    }

    /** In binding order, by number: with twelve, gpu0 to gpu7 and then nvswitch0 to nvswitch3. */
    private static List<Device> devices(int count) {
        return Stream.concat(
                        IntStream.range(0, Math.min(count, 8)).mapToObj(i -> "gpu" + i),
                        IntStream.range(0, Math.max(0, count - 8)).mapToObj(i -> "nvswitch" + i))
                .map(label -> new Device(label, hex(filler("evidence of " + label, 48))))
                .toList();
    }

    /** The P-256 key of RFC 7517, appendix A.1. */
    private static ObjectNode key() {
        return JSON.objectNode()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4")
                .put("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    }

    /** RFC 7638, section 3.2: the required members of an EC key in lexicographic order, no white space. */
    private static String canonical(ObjectNode key) {
        return "{\"crv\":\"%s\",\"kty\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(
                        key.get("crv").textValue(),
                        key.get("kty").textValue(),
                        key.get("x").textValue(),
                        key.get("y").textValue());
    }

    /** Bytes that differ by label and are no challenge: those begin with 43 53 01. */
    private static byte[] filler(String label, int length) {
        byte[] filled = BindingArithmetic.hash("SHA-512", BindingArithmetic.ascii("countersign vector " + label));
        return Arrays.copyOf(filled, length);
    }

    private static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }
}
