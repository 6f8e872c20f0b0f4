package io.countersign.imports;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Lists of digests for SEV-SNP, as tools and people write them.
 *
 * <p>Text: one SHA-384 in a line, with a label before or behind it and comments after {@code #}; so do the outputs of sev-snp-measure
 * (hex and base64), igvmmeasure ({@code Launch Digest: …}) and sha384sum read. JSON: digests in arrays, under labels, or in objects
 * that have them as {@code measurement}, {@code launch_measurement}, {@code launch_digest}, {@code digest} or
 * {@code TrustedMeasurement}.
 */
public final class SnpMeasurements {
    /** Which claim the digests are of. */
    public enum Kind {
        /** For every CPU TEE that has a launch measurement; what policies pin by most. */
        LAUNCH_MEASUREMENT("launch_measurement", "approved_images", "SHA-384 launch measurements of SEV-SNP guests"),
        /** The same, where a set must never match another TEE. */
        SNP_MEASUREMENT("snp.measurement", "approved_images", "SHA-384 launch measurements of SEV-SNP guests"),
        ID_KEY_DIGEST("snp.id_key_digest", "release_keys", "SHA-384 of the keys that sign ID blocks"),
        AUTHOR_KEY_DIGEST("snp.author_key_digest", "author_keys", "SHA-384 of the keys that sign ID keys");

        private final String claim;
        private final String setName;
        private final String note;

        Kind(String claim, String setName, String note) {
            this.claim = claim;
            this.setName = setName;
            this.note = note;
        }

        /** The path of the claim. */
        public String claim() {
            return claim;
        }

        /** What the set is called unless the importer says otherwise. */
        public String setName() {
            return setName;
        }
    }

    private static final int MAX_DEPTH = 8;
    private static final List<String> DIGEST_MEMBERS =
            List.of("measurement", "launchmeasurement", "launchdigest", "digest", "trustedmeasurement");

    /** What tools print before the digest, which says nothing. */
    private static final Pattern EMPTY_LABEL = Pattern.compile(
            "(?i)(?:(?:expected|calculated|launch|snp|sev-snp|guest)[ _-]*)*(?:digest|measurement|sha-?384)?");

    private static final Pattern EDGES = Pattern.compile("^[\\s:=,;|\"'*-]+|[\\s:=,;|\"'*-]+$");
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#");

    private final String file;
    private final SetBuilder set;
    private final List<String> notes = new ArrayList<>();

    private SnpMeasurements(String file, SetBuilder set) {
        this.file = file;
        this.set = set;
    }

    /** Reads a list into a set under its usual name. */
    public static Imported read(String file, Bytes content, Kind kind) throws ImportException {
        return read(file, content, kind, kind.setName());
    }

    /**
     * Reads a list.
     *
     * @param setName what rules will call the set
     */
    public static Imported read(String file, Bytes content, Kind kind, String setName) throws ImportException {
        if (!ImportedSet.isName(setName)) {
            throw new ImportException(
                    "\"%s\" cannot name reference values; a lowercase letter and up to 63 of a-z, 0-9 and _ can"
                            .formatted(setName));
        }
        String text = Documents.text(file, content);
        var reader = new SnpMeasurements(file, new SetBuilder(setName, kind.claim()));
        if (Documents.looksLikeJson(text)) {
            reader.json(Documents.json(file, text), "$", "", 0);
        } else {
            reader.lines(text);
        }
        if (reader.set.size() == 0) {
            throw new ImportException(file, "", "there is no digest in it. Expected %s.".formatted(Sha384.EXPECTED));
        }
        return new Imported(
                new Source(file, content.sha256()),
                List.of(reader.set.build(kind.note, "", Optional.empty())),
                reader.notes,
                List.of(
                        "For a rule of a policy that draws this file in:",
                        "  require: cpu.%s in references.%s".formatted(kind.claim(), setName)));
    }

    private void lines(String text) throws ImportException {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            line(line, "line " + number);
        }
    }

    private void line(String line, String place) throws ImportException {
        var mark = COMMENT.matcher(line);
        boolean commented = mark.find();
        String said = commented ? line.substring(0, mark.start()) : line;
        if (said.isBlank()) {
            return;
        }
        List<MatchResult> digests = Sha384.candidates(said);
        if (digests.size() != 1) {
            throw new ImportException(
                    file,
                    place,
                    digests.isEmpty()
                            ? "\"%s\" holds no SHA-384. Expected %s, or a comment after #."
                                    .formatted(Printable.line(said.strip(), 60), Sha384.EXPECTED)
                            : "it holds %d digests. Write each into a line of its own.".formatted(digests.size()));
        }
        MatchResult digest = digests.getFirst();
        String label = label(said.substring(0, digest.start()), said.substring(digest.end()));
        add(
                place,
                digest.group(),
                label.isEmpty() && commented ? line.substring(mark.end()).strip() : label);
    }

    private static String label(String before, String after) {
        String first = trimmed(before);
        String last = trimmed(after);
        String both = first.isEmpty() || last.isEmpty() ? first + last : first + ", " + last;
        return EMPTY_LABEL.matcher(both).matches() ? "" : both;
    }

    private static String trimmed(String text) {
        return EDGES.matcher(text).replaceAll("");
    }

    private void json(JsonNode node, String path, String label, int depth) throws ImportException {
        if (depth > MAX_DEPTH) {
            throw new ImportException(file, path, "it nests deeper than a list of measurements does. Flatten it.");
        }
        if (node.isTextual()) {
            add(path, node.textValue(), label);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                json(node.get(i), "%s[%d]".formatted(path, i), label, depth + 1);
            }
        } else if (node.isObject()) {
            object(node, path, label, depth);
        } else {
            throw new ImportException(
                    file,
                    path,
                    "%s stands where a digest was expected: %s."
                            .formatted(node.getNodeType().name().toLowerCase(Locale.ROOT), Sha384.EXPECTED));
        }
    }

    private void object(JsonNode object, String path, String label, int depth) throws ImportException {
        List<Map.Entry<String, JsonNode>> digests = object.properties().stream()
                .filter(each -> DIGEST_MEMBERS.contains(plain(each.getKey()))
                        && each.getValue().isTextual())
                .toList();
        if (digests.size() > 1) {
            throw new ImportException(
                    file,
                    path,
                    "both \"%s\" and \"%s\" hold a digest. Keep one of them."
                            .formatted(digests.get(0).getKey(), digests.get(1).getKey()));
        }
        if (digests.size() == 1) {
            String key = digests.getFirst().getKey();
            String details = details(object, key);
            add(
                    path + "." + key,
                    digests.getFirst().getValue().textValue(),
                    label.isEmpty() ? details : label + (details.isEmpty() ? "" : ": " + details));
            return;
        }
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            String inner = each.getValue().isArray() ? label : each.getKey();
            json(each.getValue(), path + "." + each.getKey(), inner, depth + 1);
        }
    }

    /** The other members, such as a name, the number of vCPUs and their type: what tells one digest from the next. */
    private static String details(JsonNode object, String digest) {
        return object.properties().stream()
                .filter(each -> !each.getKey().equals(digest) && each.getValue().isValueNode())
                .filter(each ->
                        !each.getValue().isNull() && !each.getValue().asText().isBlank())
                .map(each -> switch (plain(each.getKey())) {
                    case "name", "label", "note", "image", "description" ->
                        each.getValue().asText();
                    default -> each.getKey() + " " + each.getValue().asText();
                })
                .reduce((left, right) -> left + ", " + right)
                .orElse("");
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private void add(String place, String digest, String label) throws ImportException {
        if (set.add(Sha384.read(file, place, digest, notes), label) == SetBuilder.Adding.ALREADY_THERE) {
            notes.add("%s repeats a digest that stands above it; it is written once".formatted(place));
        }
    }
}
