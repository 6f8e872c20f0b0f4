package io.countersign.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cases in the program itself. They were made by a software vendor whose private keys are published, so the schemes that
 * trust it never leave this class.
 */
final class ShippedCases implements CaseSource {
    private static final String ROOT = "/fixtures/";

    private final CaseReader reader;
    private final List<String> names;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Case> read = new ConcurrentHashMap<>();

    ShippedCases(Cases.LaboratorySchemes schemes) {
        this.reader = new CaseReader(
                schemes.trusting(TrustAnchors.parse(own("insecure-anchors.pem"), TrustAnchors.Origin.LABORATORY)));
        this.names = own("names.txt").lines().filter(line -> !line.isBlank()).toList();
    }

    @Override
    public Case find(String name) throws CaseException {
        String path = name.startsWith(Cases.FIXTURE) ? name.substring(Cases.FIXTURE.length()) : "";
        if (!names.contains(path)) {
            throw new CaseException("no case %s ships%s; a file beside the policy is named by its relative path"
                    .formatted(
                            name,
                            NearNames.suggest(
                                    name,
                                    names.stream().map(Cases.FIXTURE::concat).toList())));
        }
        Case known = read.get(name);
        if (known != null) {
            return known;
        }
        Case fresh = reader.read(name, text(path));
        read.put(name, fresh);
        return fresh;
    }

    private byte[] text(String path) throws CaseException {
        String text = own(path + "/case.json");
        if (!text.contains("\"@")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            JsonNode root = json.readTree(text);
            dereference(root, path.substring(0, path.indexOf('/')));
            return json.writeValueAsBytes(root);
        } catch (IOException _) {
            throw new CaseException("the case %s that ships is not JSON; please report it".formatted(path));
        }
    }

    /** Puts texts that cases share in place of what refers to them: {@code @../shared/} and a name. */
    private static void dereference(JsonNode parent, String folder) {
        for (var member : List.copyOf(parent.properties())) {
            shared(member.getValue(), folder)
                    .ifPresentOrElse(
                            text -> ((ObjectNode) parent).put(member.getKey(), text),
                            () -> dereference(member.getValue(), folder));
        }
        if (parent instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int position = i;
                shared(array.get(i), folder).ifPresent(text -> array.set(position, text));
            }
        }
    }

    private static Optional<String> shared(JsonNode value, String folder) {
        return Optional.ofNullable(value.textValue())
                .filter(text -> text.startsWith("@../shared/"))
                .map(text -> own(folder + text.substring(3)));
    }

    private static String own(String name) {
        try (InputStream in = ShippedCases.class.getResourceAsStream(ROOT + name)) {
            if (in == null) {
                throw new IllegalStateException("the resource %s%s is missing".formatted(ROOT, name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
