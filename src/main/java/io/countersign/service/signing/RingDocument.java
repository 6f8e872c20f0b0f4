package io.countersign.service.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.service.signing.RingKey.Home;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The ring as JSON. Whatever is not exactly as it should be is refused: a ring is not a place to guess. */
final class RingDocument {
    /** Far more than anyone keeps; a reading ends. */
    static final int MOST_KEYS = 100;

    private static final int VERSION = 1;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}\\.jwk");
    /** What the parser adds about itself. */
    private static final Pattern PARSERS_OWN = Pattern.compile("(?s)\\s*\\(?(start marker at )?\\[Source.*");

    private static final Set<String> RING = Set.of("version", "purpose", "keys");
    private static final Set<String> KEY =
            Set.of("kid", "alg", "file", "pkcs11", "public", "active_from", "withdrawn_at");
    private static final Set<String> PUBLIC = Set.of("kty", "crv", "x", "y");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private RingDocument() {}

    static String write(KeyRing ring, KeyPurpose purpose) {
        var document = new LinkedHashMap<String, Object>();
        document.put("version", VERSION);
        document.put("purpose", purpose.word());
        document.put("keys", ring.keys().stream().map(RingDocument::written).toList());
        try {
            return JSON.writeValueAsString(document) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    private static Map<String, Object> written(RingKey key) {
        var document = new LinkedHashMap<String, Object>();
        document.put("kid", key.kid());
        document.put("alg", key.algorithm().name());
        switch (key.home()) {
            case Home.InFile(String name) -> document.put("file", name);
            case Home.InToken(String alias) -> document.put("pkcs11", alias);
        }
        document.put("active_from", key.activeFrom().toString());
        key.withdrawnAt().ifPresent(at -> document.put("withdrawn_at", at.toString()));
        var coordinates = new LinkedHashMap<String, Object>();
        coordinates.put("kty", "EC");
        coordinates.put("crv", key.algorithm().curve().getName());
        coordinates.put("x", key.publicJwk().getX().toString());
        coordinates.put("y", key.publicJwk().getY().toString());
        document.put("public", coordinates);
        return document;
    }

    /** Reads a ring, or says in half a sentence what is wrong with it. */
    static KeyRing read(String text, KeyPurpose purpose) throws KeyTroubleException {
        JsonNode document;
        try {
            document = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new KeyTroubleException(
                    "it is not JSON: "
                            + PARSERS_OWN.matcher(e.getOriginalMessage()).replaceFirst(""),
                    e);
        }
        onlyMembers(document, RING, "the ring");
        if (!document.path("version").isInt() || document.path("version").intValue() != VERSION) {
            throw new KeyTroubleException(
                    "its version is not %d, the only one that this program knows".formatted(VERSION));
        }
        if (!text(document, "purpose", "the ring").equals(purpose.word())) {
            throw new KeyTroubleException("its purpose is not " + purpose.word());
        }
        JsonNode list = document.path("keys");
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_KEYS) {
            throw new KeyTroubleException("its keys are not a list of 1 to %d".formatted(MOST_KEYS));
        }
        var keys = new ArrayList<RingKey>();
        var seen = new HashSet<String>();
        for (JsonNode each : list) {
            RingKey key = key(each, "keys[%d]".formatted(keys.size()));
            if (!seen.add(key.kid())) {
                throw new KeyTroubleException("it holds the key %s twice".formatted(key.kid()));
            }
            keys.add(key);
        }
        return new KeyRing(keys);
    }

    private static RingKey key(JsonNode document, String place) throws KeyTroubleException {
        onlyMembers(document, KEY, place);
        String name = text(document, "alg", place);
        SigningAlgorithm algorithm = SigningAlgorithm.named(name)
                .orElseThrow(
                        () -> new KeyTroubleException("%s.alg is ES256 or ES384, not \"%s\"".formatted(place, name)));
        ECKey jwk = publicKey(document.path("public"), algorithm, place + ".public");
        if (!jwk.getKeyID().equals(text(document, "kid", place))) {
            throw new KeyTroubleException(place + ".kid is not the RFC 7638 thumbprint of its public key");
        }
        Optional<Instant> withdrawn =
                document.has("withdrawn_at") ? Optional.of(time(document, "withdrawn_at", place)) : Optional.empty();
        return new RingKey(jwk, algorithm, home(document, place), time(document, "active_from", place), withdrawn);
    }

    private static Home home(JsonNode document, String place) throws KeyTroubleException {
        if (document.has("file") == document.has("pkcs11")) {
            throw new KeyTroubleException(place + " names either a file or an alias in a PKCS#11 token");
        }
        if (document.has("pkcs11")) {
            return new Home.InToken(text(document, "pkcs11", place));
        }
        String file = text(document, "file", place);
        // Beside the ring and nowhere else.
        if (!FILE_NAME.matcher(file).matches()) {
            throw new KeyTroubleException(place + ".file is not the plain name of a .jwk file");
        }
        return new Home.InFile(file);
    }

    private static ECKey publicKey(JsonNode document, SigningAlgorithm algorithm, String place)
            throws KeyTroubleException {
        onlyMembers(document, PUBLIC, place);
        if (!text(document, "kty", place).equals("EC")
                || !text(document, "crv", place).equals(algorithm.curve().getName())) {
            throw new KeyTroubleException(
                    "%s is not a key on %s, as %s demands".formatted(place, algorithm.curve(), algorithm));
        }
        return published(
                algorithm,
                coordinate(document, "x", algorithm, place),
                coordinate(document, "y", algorithm, place),
                place);
    }

    /** RFC 7518, section 6.2.1.2: a coordinate always has its full length. */
    private static Base64URL coordinate(JsonNode document, String name, SigningAlgorithm algorithm, String place)
            throws KeyTroubleException {
        var coordinate = new Base64URL(text(document, name, place));
        byte[] bytes = coordinate.decode();
        if (bytes.length != algorithm.coordinateBytes()
                || !Base64URL.encode(bytes).equals(coordinate)) {
            throw new KeyTroubleException("%s.%s is not %d bytes in base64url without padding"
                    .formatted(place, name, algorithm.coordinateBytes()));
        }
        return coordinate;
    }

    private static ECKey published(SigningAlgorithm algorithm, Base64URL x, Base64URL y, String place)
            throws KeyTroubleException {
        try {
            return new ECKey.Builder(algorithm.curve(), x, y)
                    .algorithm(algorithm.jws())
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint()
                    .build();
        } catch (IllegalStateException | JOSEException e) {
            throw new KeyTroubleException(place + " is not a point on " + algorithm.curve(), e);
        }
    }

    private static Instant time(JsonNode document, String name, String place) throws KeyTroubleException {
        String text = text(document, name, place);
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException _) {
            // Told below.
        }
        throw new KeyTroubleException(
                "%s.%s is not a time from 2000 to 2199 such as 2026-11-23T09:00:00Z".formatted(place, name));
    }

    private static String text(JsonNode document, String name, String place) throws KeyTroubleException {
        JsonNode value = document.path(name);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new KeyTroubleException("%s has no text \"%s\"".formatted(place, name));
        }
        return value.textValue();
    }

    private static void onlyMembers(JsonNode document, Set<String> known, String place) throws KeyTroubleException {
        if (!document.isObject()) {
            throw new KeyTroubleException(place + " is not an object");
        }
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!known.contains(name)) {
                throw new KeyTroubleException("%s has a member \"%s\" that is not known".formatted(place, name));
            }
        }
    }
}
