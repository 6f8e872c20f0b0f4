package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.Devices.Capture;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The claims about a genuine device beside what the manifest found in its bytes by other means. */
final class ManifestClaims {
    /** Claims by another name, with the same value. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("arch", "/arch"),
            Map.entry("hwmodel", "/hwmodel"),
            Map.entry("ueid", "/ueid"),
            Map.entry("pdi_from_cert", "/pdi"),
            Map.entry("driver_version", "/driver_version"),
            Map.entry("vbios_version", "/vbios_version"),
            Map.entry("project", "/project"),
            Map.entry("project_sku", "/project_sku"),
            Map.entry("chip_sku", "/chip_sku"),
            Map.entry("board_id_hex", "/board_id"),
            Map.entry("cprinfo_hex", "/cpr/raw"),
            Map.entry("fwid_hex", "/fwid"),
            Map.entry("spdm_request_nonce", "/nonce"),
            Map.entry("json_nonce", "/nonce"),
            Map.entry("feature_flag", "/feature_flag"),
            Map.entry("floorswept_ports_hex", "/disabled_ports"));

    /** How checks end, not claims; GenuineDevicesOverHttpTest compares them. */
    private static final Set<String> CHECKS = Set.of(
            "signature_valid", "chain", "chain_ok", "chain_len", "fwid_match", "trailing_bytes", "json_nonce_matches");

    /** The bytes beneath, which are shown and are no claims; or another spelling of what is compared. */
    private static final Set<String> BENEATH = Set.of(
            "report_len",
            "report_sha256",
            "leaf_sha256",
            "leaf_san_device_id",
            "spdm_responder_nonce",
            "number_of_measurements",
            "measurement_record_length",
            "opaque_length",
            "opaque_ids",
            "opaque_data_version",
            "gpu_info_hex",
            "nvdec0_status_hex",
            "sys_enable_status_hex",
            "cert_fwid_oid",
            "msrscnt",
            "json_fields",
            "driver_rim_id",
            "vbios_rim_id");

    private static final int PDI = 8;

    private ManifestClaims() {}

    static List<Integer> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    /** Every fact is compared, or named above as none that could be. */
    static void assertAgree(Capture device, JsonNode claims) {
        device.expected().properties().forEach(fact -> {
            String name = fact.getKey();
            if (!CHECKS.contains(name) && !BENEATH.contains(name)) {
                assertFact(device, name, fact.getValue(), claims);
            }
        });
        for (String claim : List.of("fwid", "feature_flag", "protected_pcie", "driver_version")) {
            String fact = claim.equals("fwid")
                    ? "fwid_hex"
                    : claim.equals("protected_pcie") ? "protected_pcie_status_hex" : claim;
            assertEquals(device.expected().has(fact), claims.has(claim), device + " " + claim);
        }
        if (device.kind() == DeviceKind.GPU) {
            assertMode(device, claims);
        }
        assertRims(device, claims);
    }

    private static void assertFact(Capture device, String name, JsonNode value, JsonNode claims) {
        String what = device + " " + name;
        String text = value.asText();
        String same = SAME.get(name);
        if (same != null) {
            assertEquals(text, claims.at(same).asText("absent"), what);
            return;
        }
        switch (name) {
            case "leaf_subject" -> {
                String serial = text.substring(text.lastIndexOf('=') + 1);
                assertEquals(
                        serial.toLowerCase(Locale.ROOT),
                        claims.get("leaf_serial").asText().toLowerCase(Locale.ROOT),
                        what);
                assertEquals(
                        new BigInteger(serial, 16).toString(),
                        claims.get("ueid").asText(),
                        what);
            }
            case "brom_serial" ->
                assertTrue(
                        text.toLowerCase(Locale.ROOT).endsWith(claims.get("pdi").asText()), what);
            case "cert_fwid" -> {
                if (claims.has("fwid")) {
                    assertEquals(value.get(0).asText(), claims.get("fwid").asText(), what);
                }
            }
            case "protected_pcie_status_hex" ->
                assertEquals(text.equals("aa"), claims.get("protected_pcie").booleanValue(), what);
            case "switch_pdi_field_hex" -> assertSwitchPdis(device, Bytes.fromHex(text), claims);
            case "switch_gpu_pdis_hex" ->
                assertEquals(pdis(Bytes.fromHex(text).slice(0, 8 * PDI), false), texts(claims.get("gpu_pdis")), what);
            case "position_id_hex" ->
                assertEquals(littleEndian(text), claims.get("position_id").intValue(), what);
            case "lock_switch_status_hex" ->
                assertEquals(littleEndian(text) == 1, claims.get("locked").booleanValue(), what);
            default -> throw new AssertionError(what + " is a fact that this test does not know");
        }
    }

    /** A switch names itself; a GPU names the switches behind its links, each the wrong way round. */
    private static void assertSwitchPdis(Capture device, Bytes field, JsonNode claims) {
        switch (device.kind()) {
            case NVSWITCH -> assertEquals(field.toString(), claims.get("pdi").asText(), device.name());
            case GPU -> assertEquals(pdis(field, true), texts(claims.get("switch_pdis")), device.name());
        }
    }

    private static Set<String> pdis(Bytes list, boolean reversed) {
        var pdis = new TreeSet<String>();
        for (int at = 0; at < list.length(); at += PDI) {
            Bytes one = list.slice(at, at + PDI);
            pdis.add((reversed ? one.reversed() : one).toString());
        }
        pdis.remove("ff".repeat(PDI));
        return pdis;
    }

    private static Set<String> texts(JsonNode array) {
        var texts = new TreeSet<String>();
        array.forEach(each -> texts.add(each.asText()));
        assertEquals(array.size(), texts.size(), array::toString);
        return texts;
    }

    private static int littleEndian(String hex) {
        Bytes two = Bytes.fromHex(hex);
        return two.u8(0) | two.u8(1) << 8;
    }

    /** The signed flag where there is one; otherwise inferred, and only with the stored mode's register where it should be. */
    private static void assertMode(Capture device, JsonNode claims) {
        JsonNode facts = device.expected();
        if (facts.has("feature_flag")) {
            assertEquals(
                    facts.get("feature_flag").asText().equals("PPCIE") ? "ppcie" : "on",
                    claims.get("cc_mode").asText(),
                    device.name());
            assertEquals("signed", claims.get("cc_mode_strength").asText(), device.name());
        } else if (device.verdict().equals("ACCEPT")) {
            assertEquals("on", claims.get("cc_mode").asText(), device.name());
            assertEquals("inferred", claims.get("cc_mode_strength").asText(), device.name());
        } else {
            assertFalse(claims.has("cc_mode"), device::name);
        }
    }

    private static void assertRims(Capture device, JsonNode claims) {
        for (String rim : List.of("driver", "vbios")) {
            if (claims.has(rim + "_rim")) {
                JsonNode claim = claims.get(rim + "_rim");
                assertEquals(device.text(rim + "_rim_id"), claim.get("id").asText(), device.name());
                assertEquals("newest", claim.get("issue").asText(), device.name());
            }
        }
    }
}
