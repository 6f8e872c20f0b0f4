package io.countersign.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the cases under {@code fixtures/}. */
public final class Fixtures {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Members of {@code endorsements} that hold their text verbatim. */
    private static final Set<String> TEXTS = Set.of(
            "certificates",
            "tcb_info",
            "tcb_info_issuer_chain",
            "qe_identity",
            "qe_identity_issuer_chain",
            "pck_crl_issuer_chain");

    private Fixtures() {}

    /**
     * One case.
     *
     * @param requestText the body for {@code POST /v1/appraisals}, as it stands in the file
     * @param request the same, parsed
     */
    public record Case(String name, String requestText, JsonNode request, Expected expected) {
        public Instant at() {
            return Instant.parse(request.get("at").textValue());
        }

        public Bytes nonce() {
            return decoded(request.get("nonce").textValue());
        }

        public String cpuType() {
            return type("cpu0");
        }

        public Map<String, Bytes> cpuMembers() {
            return members("cpu0");
        }

        /** The labels of all devices, in the order of the file. */
        public List<String> labels() {
            return request.path("evidence").properties().stream()
                    .map(Map.Entry::getKey)
                    .toList();
        }

        public String type(String label) {
            return request.path("evidence").path(label).path("type").textValue();
        }

        /** The members of a device but its type, decoded as the API does. */
        public Map<String, Bytes> members(String label) {
            var members = new LinkedHashMap<String, Bytes>();
            request.path("evidence").path(label).properties().stream()
                    .filter(member -> !member.getKey().equals("type"))
                    .forEach(member -> {
                        String text = member.getValue().textValue();
                        members.put(member.getKey(), member.getKey().equals("arch") ? Bytes.utf8(text) : decoded(text));
                    });
            return members;
        }

        /** What the request brings, by slot: {@code amd.crl}, {@code nvidia.rims.<id>}; decoded as the API does. */
        public Map<String, List<Bytes>> slots() {
            var slots = new LinkedHashMap<String, List<Bytes>>();
            request.path("endorsements")
                    .properties()
                    .forEach(vendor -> vendor.getValue().properties().forEach(slot -> {
                        String name = vendor.getKey() + "." + slot.getKey();
                        if (slot.getValue().isObject()) {
                            slot.getValue()
                                    .properties()
                                    .forEach(each -> slots.put(name + "." + each.getKey(), contents(each)));
                        } else {
                            slots.put(name, contents(slot));
                        }
                    }));
            return slots;
        }

        /** One, or as many as the array has. */
        private static List<Bytes> contents(Map.Entry<String, JsonNode> member) {
            return member.getValue().isArray()
                    ? StreamSupport.stream(member.getValue().spliterator(), false)
                            .map(each -> decoded(each.textValue()))
                            .toList()
                    : List.of(content(member));
        }

        private static Bytes content(Map.Entry<String, JsonNode> member) {
            String text = member.getValue().textValue();
            return TEXTS.contains(member.getKey()) ? Bytes.utf8(text) : decoded(text);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * What must come out of a case.
     *
     * @param what the one thing that is so about it, in plain words
     * @param status of the HTTP answer of {@code POST /v1/appraisals}
     * @param problem the problem code when the status is not 200
     * @param authenticity the word that results use; absent with a problem
     * @param affirming whether the policy that the case names affirms; absent where that is open
     * @param device the label of the device whose checks, claims or problem these are
     * @param checks outcome words by check code; checks that are not listed are open
     * @param rules outcome words by the name of a rule of the policy; rules that are not listed are open
     * @param claims values by path, such as {@code tdx.tcb_status}; claims that are not listed are open
     */
    public record Expected(
            String what,
            int status,
            Optional<String> problem,
            Optional<String> authenticity,
            Optional<Boolean> affirming,
            String device,
            Map<String, String> checks,
            Map<String, String> rules,
            Map<String, String> claims) {
        public Expected {
            checks = Map.copyOf(checks);
            rules = Map.copyOf(rules);
            claims = Map.copyOf(claims);
        }
    }

    /** Every case of a folder under {@code fixtures/}, such as {@code sev-snp}, by name. */
    public static List<Case> cases(String folder) {
        try (Stream<Path> paths = Files.list(FixtureFolder.root().resolve(folder))) {
            return paths.filter(path -> Files.exists(path.resolve("case.json")))
                    .sorted()
                    .map(Fixtures::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One case by name, such as {@code sev-snp/milan-v3}. */
    public static Case named(String path) {
        return read(FixtureFolder.root().resolve(path));
    }

    /** A document under {@code fixtures/}. */
    public static JsonNode document(String name) {
        return parse(FixtureFolder.read(FixtureFolder.root().resolve(name)));
    }

    private static Case read(Path folder) {
        String text = FixtureFolder.read(folder.resolve("case.json"));
        JsonNode expected = parse(FixtureFolder.read(folder.resolve("expected.json")));
        JsonNode request = parse(text);
        return dereference(request, folder)
                ? new Case(folder.getFileName().toString(), request.toString(), request, expected(expected))
                : new Case(folder.getFileName().toString(), text, request, expected(expected));
    }

    /** Puts shared texts in place of what refers to them: {@code @} and a path from the case's folder. */
    private static boolean dereference(JsonNode parent, Path folder) {
        boolean any = false;
        for (var member : List.copyOf(parent.properties())) {
            Optional<String> referred = referred(member.getValue(), folder);
            referred.ifPresent(text -> ((ObjectNode) parent).put(member.getKey(), text));
            any |= referred.isPresent() || dereference(member.getValue(), folder);
        }
        if (parent instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int position = i;
                Optional<String> referred = referred(array.get(i), folder);
                referred.ifPresent(text -> array.set(position, text));
                any |= referred.isPresent();
            }
        }
        return any;
    }

    private static Optional<String> referred(JsonNode value, Path folder) {
        return Optional.ofNullable(value.textValue())
                .filter(text -> text.startsWith("@"))
                .map(text -> FixtureFolder.read(folder.resolve(text.substring(1))));
    }

    private static Expected expected(JsonNode json) {
        return new Expected(
                json.get("what").textValue(),
                json.get("status").intValue(),
                Optional.ofNullable(json.path("problem").textValue()),
                Optional.ofNullable(json.path("authenticity").textValue()),
                json.has("affirming") ? Optional.of(json.get("affirming").booleanValue()) : Optional.empty(),
                json.path("device").asText("cpu0"),
                texts(json.path("checks")),
                texts(json.path("rules")),
                texts(json.path("claims")));
    }

    private static Map<String, String> texts(JsonNode members) {
        var texts = new LinkedHashMap<String, String>();
        members.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().textValue()));
        return texts;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PEM and XML stay text; everything else is base64 of either alphabet. */
    private static Bytes decoded(String text) {
        if (text.startsWith("-----BEGIN") || text.startsWith("<")) {
            return Bytes.utf8(text);
        }
        return Bytes.copyOf(Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
    }
}
