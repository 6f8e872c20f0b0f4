package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Countersign as a relying party finds it: the issuer, and through its discovery document the key set.
 *
 * @param keySet address of the key set
 */
record Publisher(String issuer, URI keySet) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Publisher discover(String issuer) throws IOException, InterruptedException {
        JsonNode document = JSON.readTree(fetch(URI.create(issuer + "/.well-known/openid-configuration")));
        if (!document.path("issuer").asText().equals(issuer)) {
            throw new IllegalStateException(
                    "the document of %s is that of %s".formatted(issuer, document.path("issuer")));
        }
        return new Publisher(issuer, URI.create(document.path("jwks_uri").asText()));
    }

    /** The key set as it stands there now. */
    String keys() throws IOException, InterruptedException {
        return fetch(keySet);
    }

    List<ECKey> published() throws IOException, InterruptedException, ParseException {
        return JWKSet.parse(keys()).getKeys().stream().map(key -> (ECKey) key).toList();
    }

    private static String fetch(URI address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("%s answered %d".formatted(address, answer.statusCode()));
            }
            return answer.body();
        }
    }

    /** The private key of that id, stolen from the service's own folder: what no forger has, but a careful test wants. */
    static ECKey stolen(PackagedService service, String keyId) throws IOException {
        try (Stream<Path> files = Files.walk(service.folder().resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".jwk"))
                    .map(Publisher::read)
                    .flatMap(Optional::stream)
                    .filter(key -> key.isPrivate() && key.getKeyID().equals(keyId))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("no private key %s in the data folder".formatted(keyId)));
        }
    }

    private static Optional<ECKey> read(Path file) {
        try {
            return Optional.of(ECKey.parse(Files.readString(file)));
        } catch (IOException | ParseException _) {
            return Optional.empty();
        }
    }
}
