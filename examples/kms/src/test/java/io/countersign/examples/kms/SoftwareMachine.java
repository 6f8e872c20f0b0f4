package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.jwk.ECKey;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A machine that gets itself tokens from a Countersign, with evidence made by the program in Machine.java. */
final class SoftwareMachine implements AutoCloseable {
    private final URLClassLoader classes;
    private final Map<String, String> laboratory;
    private final BiFunction<byte[], byte[], Map<String, String>> attester;

    private SoftwareMachine(
            URLClassLoader classes,
            Map<String, String> laboratory,
            BiFunction<byte[], byte[], Map<String, String>> attester) {
        this.classes = classes;
        this.laboratory = laboratory;
        this.attester = attester;
    }

    @SuppressWarnings("unchecked") // Machine.java says which types these are.
    static SoftwareMachine start(Path packaged) throws Exception {
        List<Path> jars = jars(packaged);
        Path compiled = Files.createTempDirectory("machine-");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        compiled.toString(),
                        "-cp",
                        jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                        Path.of("src", "test", "resources", "Machine.java").toString());
        assertEquals(0, status, "Machine.java compiles against the packaged Countersign");
        URL[] urls = Stream.concat(Stream.of(compiled), jars.stream())
                .map(SoftwareMachine::url)
                .toArray(URL[]::new);
        // Only the JDK is shared: the libraries of the two programs have different versions.
        var classes = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        Object machine = classes.loadClass("Machine").getConstructor().newInstance();
        return new SoftwareMachine(classes, ((Supplier<Map<String, String>>) machine).get(), (BiFunction<
                        byte[], byte[], Map<String, String>>)
                machine);
    }

    private static List<Path> jars(Path packaged) throws IOException {
        try (Stream<Path> files = Files.walk(packaged)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    String anchorsPem() {
        return laboratory.get("anchors");
    }

    String measurement() {
        return laboratory.get("measurement");
    }

    /** A token for that audience and key; anything else fails the test with the service's answer. */
    String token(PackagedCountersign service, String audience, ECKey key) throws Exception {
        var json = JsonMapper.shared();
        JsonNode challenge =
                service.post("/v1/challenges", json.createObjectNode().put("audience", audience));
        String nonce = challenge.path("nonce").asString();
        Map<String, String> members = attester.apply(
                Base64.getUrlDecoder().decode(nonce), key.computeThumbprint().decode());
        ObjectNode body = json.createObjectNode()
                .put("audience", audience)
                .put("nonce", nonce)
                .put("binding", members.get("binding"));
        body.set("key", json.valueToTree(key.toPublicJWK().toJSONObject()));
        body.putObject("evidence")
                .putObject("cpu0")
                .put("type", "sev-snp")
                .put("report", members.get("report"))
                .put("certificates", members.get("certificates"));
        body.putObject("endorsements").putObject("amd").put("crl", members.get("crl"));
        return service.post("/v1/attestations", body).path("token").asString();
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
