package io.countersign.examples.kms;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application on a free port, with one secret, {@value #NAME}. */
record RunningKms(ConfigurableApplicationContext context, HttpClient client) implements AutoCloseable {
    static final String NAME = "model-key";
    static final String SECRET = "what nobody else may know";
    static final String CALLER_SECRET = "what-this-KMS-says-to-the-issuer";

    static RunningKms start(String issuer, Clock clock, Map<String, String> further) throws IOException {
        Path folder = Files.createTempDirectory("kms-");
        Files.writeString(folder.resolve(NAME), SECRET);
        Path callerSecret = Files.writeString(folder.resolve("caller-secret"), CALLER_SECRET + "\n");
        var settings = new TreeMap<>(Map.of(
                "server.port",
                "0",
                "server.address",
                "127.0.0.1",
                "kms.issuer",
                issuer,
                "kms.audience",
                GoodToken.AUDIENCE,
                "kms.laboratory",
                "true",
                "kms.introspection.caller-secret-file",
                callerSecret.toString(),
                "kms.secrets-folder",
                folder.toString(),
                "kms.secrets.model-key.policies[0].id",
                GoodToken.POLICY,
                "kms.secrets.model-key.policies[0].digest",
                GoodToken.DIGEST));
        settings.putAll(further);
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--%s=%s".formatted(setting.getKey(), setting.getValue()))
                .toArray(String[]::new);
        var context = new SpringApplicationBuilder(KmsApplication.class)
                .initializers((GenericApplicationContext before) -> before.registerBean(
                        "clockOfTheTest", Clock.class, () -> clock, definition -> definition.setPrimary(true)))
                .run(arguments);
        return new RunningKms(context, HttpClient.newHttpClient());
    }

    HttpResponse<String> release(String token) throws Exception {
        return release(NAME, token);
    }

    HttpResponse<String> release(String name, String token) throws Exception {
        return send(request(name).header("Authorization", "Bearer " + token));
    }

    HttpRequest.Builder request(String name) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/v1/secrets/%s/release".formatted(port, name)))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.noBody());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode problem(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
