package io.countersign.client.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWK;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the binding against the project's vectors, which were computed without any of its code. */
class BindingTest {
    private static final Path VECTORS = Path.of("../../fixtures/binding-vectors.json");

    @TestFactory
    Stream<DynamicTest> meetsTheVectors() throws Exception {
        JsonNode vectors = StrictJson.object(Files.readString(VECTORS)).path("countersign_v1");
        assertTrue(vectors.size() >= 18, "the vectors are all there");
        return StreamSupport.stream(vectors.spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.path("name").asText(), () -> meets(vector)));
    }

    private static void meets(JsonNode vector) throws Exception {
        Bytes thumbprint = Bytes.ofHex(vector.path("key_thumbprint").asText());
        if (vector.has("key")) {
            assertEquals(
                    thumbprint,
                    Bytes.of(JWK.parse(vector.path("key").toString())
                            .computeThumbprint()
                            .decode()));
        }
        var binding = new Binding(Bytes.ofHex(vector.path("nonce").asText()), thumbprint);
        assertEquals(vector.path("device_nonce").asText(), binding.deviceNonce().hex());
        List<Device> devices = new ArrayList<>();
        for (JsonNode device : vector.path("devices")) {
            String label = device.path("label").asText();
            Device.Kind kind = label.startsWith("gpu") ? Device.Kind.GPU : Device.Kind.SWITCH;
            int index = Integer.parseInt(label.substring(kind.word().length()));
            devices.add(
                    new Device(kind, index, Bytes.ofHex(device.path("evidence").asText()), "", ""));
        }
        assertEquals(
                vector.path("report_data").asText(), binding.reportData(devices).hex());
        // Whatever the order in which they were collected.
        java.util.Collections.reverse(devices);
        assertEquals(
                vector.path("report_data").asText(), binding.reportData(devices).hex());
    }
}
