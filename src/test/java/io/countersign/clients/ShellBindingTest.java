package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.verifier.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script's arithmetic against the published vectors: those with a key, because the client always has one. */
class ShellBindingTest extends BootTest {
    private static final Path VECTORS = Path.of("fixtures", "binding-vectors.json");

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
    void asksDevicesAndKernelForWhatTheVectorsSay(String shell) throws Exception {
        client = BootClient.in(folder, shell);
        int compared = 0;
        for (JsonNode vector : vectors()) {
            if (vector.has("key")) {
                compare(vector);
                compared++;
            }
        }
        assertEquals(9, compared);
    }

    private static JsonNode vectors() throws java.io.IOException {
        return new ObjectMapper().readTree(VECTORS.toFile()).path("countersign_v1");
    }

    private void compare(JsonNode vector) throws Exception {
        Path nonces = folder.resolve("nonces");
        Files.deleteIfExists(nonces);
        String name = vector.path("name").asText();
        var ran = client.functions(
                """
                work=%s made_entry='' child='' draft=''
                tsm_entry=%s
                gpus='%s' switches='%s'
                make_request "$1" "$2"
                """.formatted(
                                client.temporary(),
                                kernel.entry(),
                                collector("gpu", "gpus", vector, nonces),
                                collector("nvswitch", "switches", vector, nonces)),
                base64Url(vector.path("nonce").asText()),
                vector.path("key_thumbprint_input").asText());
        assertEnds(0, ran);
        assertEquals(vector.path("report_data").asText(), kernel.asked().toString(), name);
        List<String> asked = Files.exists(nonces) ? Files.readAllLines(nonces) : List.of();
        assertEquals(vector.path("devices").isEmpty(), asked.isEmpty(), name);
        for (String each : asked) {
            assertEquals(vector.path("device_nonce").asText(), each, name);
        }
    }

    /** The command of a collector that prints the vector's devices of that kind; empty where there is none. */
    private String collector(String label, String program, JsonNode vector, Path nonces) throws Exception {
        var printed = JsonNodeFactory.instance.arrayNode();
        for (JsonNode device : vector.path("devices")) {
            if (device.path("label").asText().startsWith(label)) {
                printed.addObject()
                        .put("evidence", base64Url(device.path("evidence").asText()))
                        .put("certificate", "AAAA")
                        .put("arch", "HOPPER");
            }
        }
        return printed.isEmpty()
                ? ""
                : client.program(program, "echo \"$1\" >>'%s'\necho '%s'".formatted(nonces, printed))
                        .toString();
    }

    private static String base64Url(String hex) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.fromHex(hex).toByteArray());
    }

    @Test
    void devicesAreSentInTheOrderOfTheBinding() throws Exception {
        var labels = new ArrayList<String>();
        JsonNode vector = vectors().get(vectors().size() - 1);
        assertFalse(vector.path("devices").isEmpty());
        Path nonces = folder.resolve("nonces");
        assertEnds(
                0,
                attest(
                        "--gpus",
                        collector("gpu", "gpus", vector, nonces),
                        "--switches",
                        collector("nvswitch", "switches", vector, nonces)));
        service.asked(StubService.ATTESTATIONS)
                .getFirst()
                .json()
                .path("evidence")
                .fieldNames()
                .forEachRemaining(labels::add);
        var expected = new ArrayList<>(List.of("cpu0"));
        vector.path("devices")
                .forEach(device -> expected.add(device.path("label").asText()));
        assertEquals(expected, labels);
    }
}
