package io.countersign.verifier.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BindingTest {
    private static final Bytes NONCE = Bytes.utf8("a nonce for tests").sha256();

    static Stream<JsonNode> countersignVectors() {
        return rows("countersign_v1");
    }

    static Stream<JsonNode> nonceVectors() {
        return rows("nonce");
    }

    @ParameterizedTest
    @MethodSource("countersignVectors")
    void countersignGivesWhatTheVectorsSay(JsonNode row) {
        var binding = new Binding(BindingMethod.COUNTERSIGN_V1, bytes(row, "nonce"), bytes(row, "key_thumbprint"));
        List<Binding.Device> devices = devices(row);
        assertEquals(bytes(row, "lp_nonce"), Binding.lp(binding.nonce()));
        assertEquals(bytes(row, "lp_key_thumbprint"), Binding.lp(binding.keyThumbprint()));
        assertEquals(bytes(row, "d"), Binding.devicesDigestOrEmpty(devices));
        assertEquals(bytes(row, "lp_d"), Binding.lp(Binding.devicesDigestOrEmpty(devices)));
        assertEquals(Optional.of(bytes(row, "device_nonce")), binding.expectedDeviceNonce());
        assertEquals(Optional.of(bytes(row, "report_data")), binding.expectedReportData(devices));
        assertEquals(
                bytes(row, "tpm_extra_data"),
                binding.expectedReportData(devices).orElseThrow().slice(0, 32));
    }

    @ParameterizedTest
    @MethodSource("countersignVectors")
    void theIntermediateValuesOfTheVectorsFitTogether(JsonNode row) {
        assertEquals(bytes(row, "report_data"), bytes(row, "report_data_input").sha512());
        assertEquals(
                bytes(row, "device_nonce"), bytes(row, "device_nonce_input").sha256());
        Bytes input = bytes(row, "d_input");
        assertEquals(bytes(row, "d"), input.length() == 0 ? Bytes.empty() : input.sha256());
        assertEquals(
                bytes(row, "report_data_input"),
                Bytes.concat(
                        Bytes.utf8("countersign/v1/cpu"),
                        bytes(row, "lp_nonce"),
                        bytes(row, "lp_key_thumbprint"),
                        bytes(row, "lp_d")));
        for (JsonNode device : row.get("devices")) {
            assertEquals(
                    bytes(device, "evidence_sha256"), bytes(device, "evidence").sha256());
        }
    }

    @ParameterizedTest
    @MethodSource("countersignVectors")
    void theThumbprintsAreWhatAnotherImplementationOfRfc7638Computes(JsonNode row)
            throws ParseException, JOSEException {
        if (row.has("key")) {
            assertEquals(
                    bytes(row, "key_thumbprint"),
                    Bytes.copyOf(JWK.parse(row.get("key").toString())
                            .computeThumbprint()
                            .decode()));
        } else {
            assertEquals("", row.get("key_thumbprint").textValue());
        }
    }

    @ParameterizedTest
    @MethodSource("nonceVectors")
    void theNonceBindingGivesWhatTheVectorsSay(JsonNode row) {
        var binding = new Binding(BindingMethod.NONCE, bytes(row, "nonce"), Bytes.empty());
        assertEquals(Optional.of(bytes(row, "device_nonce")), binding.expectedDeviceNonce());
        assertEquals(Optional.of(bytes(row, "report_data")), binding.expectedReportData(List.of()));
    }

    @Test
    void theVectorsCoverNoneOneAndTwelveDevicesWithAndWithoutAKey() {
        var covered = countersignVectors()
                .map(row -> row.get("devices").size() + (row.has("key") ? " with a key" : ""))
                .distinct()
                .sorted()
                .toList();
        assertEquals(List.of("0", "0 with a key", "1", "1 with a key", "12", "12 with a key"), covered);
    }

    @Test
    void everyInputChangesTheReportData() {
        Bytes key = Bytes.utf8("a key").sha256();
        var device = new Binding.Device("gpu0", Bytes.utf8("evidence"));
        var base = reportData(NONCE, key, List.of(device));
        assertNotEquals(base, reportData(NONCE.sha256(), key, List.of(device)));
        assertNotEquals(base, reportData(NONCE, Bytes.empty(), List.of(device)));
        assertNotEquals(base, reportData(NONCE, key.sha256(), List.of(device)));
        assertNotEquals(base, reportData(NONCE, key, List.of()));
        assertNotEquals(base, reportData(NONCE, key, List.of(device, device)));
        assertNotEquals(base, reportData(NONCE, key, List.of(new Binding.Device("gpu1", device.evidence()))));
        assertNotEquals(base, reportData(NONCE, key, List.of(new Binding.Device("gpu0", Bytes.utf8("Evidence")))));
    }

    @Test
    void bytesCannotMoveFromTheNonceIntoTheKey() {
        Bytes key = Bytes.utf8("a key").sha256();
        Bytes longNonce = Bytes.concat(NONCE, key);
        assertNotEquals(reportData(longNonce, Bytes.empty(), List.of()), reportData(NONCE, key, List.of()));
    }

    @Test
    void noneBindsNothing() {
        assertEquals(Optional.empty(), Binding.none().expectedReportData(List.of()));
        assertEquals(Optional.empty(), Binding.none().expectedDeviceNonce());
    }

    @Test
    void noncesAreFrom16To64Bytes() {
        assertThrows(IllegalArgumentException.class, () -> countersign(Bytes.zeros(15)));
        assertEquals(16, countersign(Bytes.zeros(16)).nonce().length());
        assertEquals(64, countersign(Bytes.zeros(64)).nonce().length());
        assertThrows(IllegalArgumentException.class, () -> countersign(Bytes.zeros(65)));
    }

    @Test
    void theNonceBindingTakes32Or64BytesAndNoKey() {
        for (int length : new int[] {16, 31, 33, 48, 63}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Binding(BindingMethod.NONCE, Bytes.zeros(length), Bytes.empty()));
        }
        assertThrows(IllegalArgumentException.class, () -> new Binding(BindingMethod.NONCE, NONCE, Bytes.zeros(32)));
    }

    @Test
    void aThumbprintIs32Bytes() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Binding(BindingMethod.COUNTERSIGN_V1, NONCE, Bytes.zeros(31)));
        assertThrows(
                IllegalArgumentException.class, () -> new Binding(BindingMethod.NONE, Bytes.empty(), Bytes.zeros(32)));
    }

    @Test
    void everyMethodIsFoundByItsWord() {
        for (BindingMethod method : BindingMethod.values()) {
            assertEquals(Optional.of(method), BindingMethod.of(method.word()));
        }
        assertTrue(BindingMethod.of("countersign-v2").isEmpty());
    }

    private static Bytes reportData(Bytes nonce, Bytes key, List<Binding.Device> devices) {
        return new Binding(BindingMethod.COUNTERSIGN_V1, nonce, key)
                .expectedReportData(devices)
                .orElseThrow();
    }

    private static Binding countersign(Bytes nonce) {
        return new Binding(BindingMethod.COUNTERSIGN_V1, nonce, Bytes.empty());
    }

    private static Stream<JsonNode> rows(String binding) {
        return StreamSupport.stream(
                Fixtures.document("binding-vectors.json").get(binding).spliterator(), false);
    }

    private static List<Binding.Device> devices(JsonNode row) {
        var devices = new ArrayList<Binding.Device>();
        row.get("devices")
                .forEach(device ->
                        devices.add(new Binding.Device(device.get("label").textValue(), bytes(device, "evidence"))));
        return devices;
    }

    private static Bytes bytes(JsonNode row, String member) {
        return Bytes.fromHex(row.get(member).textValue());
    }
}
