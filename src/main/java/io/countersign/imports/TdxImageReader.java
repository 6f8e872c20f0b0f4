package io.countersign.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds images and their registers in text or JSON. */
final class TdxImageReader {
    private static final int MAX_DEPTH = 8;
    private static final Set<String> LABELS = Set.of("name", "label", "image", "note", "version", "description");
    private static final Pattern LINE =
            Pattern.compile("\\s*(?:-\\s+)?[\"']?([A-Za-z][A-Za-z0-9_ .\\[\\]-]{0,40}?)[\"']?\\s*[:=]\\s*(.*)");

    /** All that is on a line for an image and not before its registers. */
    private static final Pattern QUOTES = Pattern.compile("^[\"']|[\"'],?$|,$");

    private final String file;
    private final List<String> notes;
    private final List<TdxImage> images = new ArrayList<>();

    private TdxImageReader(String file, List<String> notes) {
        this.file = file;
        this.notes = notes;
    }

    static List<TdxImage> read(String file, String text, List<String> notes) throws ImportException {
        var reader = new TdxImageReader(file, notes);
        if (Documents.looksLikeJson(text)) {
            reader.json(Documents.json(file, text), "$", "", 0);
        } else {
            reader.lines(text);
        }
        if (reader.images.isEmpty()) {
            throw new ImportException(
                    file,
                    "",
                    "there is no register of a TD in it. Expected members or lines such as mrtd, rtmr1 and rtmr2 with 96 hex digits.");
        }
        return TdxMeasurements.withOwnLabels(reader.images);
    }

    private void lines(String text) throws ImportException {
        var registers = new EnumMap<TdxRegister, String>(TdxRegister.class);
        String label = "";
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String said = line.strip();
            if (said.isEmpty() || said.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(said);
            if (!parts.matches()) {
                throw new ImportException(
                        file,
                        "line " + number,
                        "\"%s\" is no register and its value. Expected a line such as MRTD: <96 hex digits>, or a comment that begins with #."
                                .formatted(Printable.line(said, 60)));
            }
            String name = parts.group(1).strip();
            String content = QUOTES.matcher(parts.group(2).strip()).replaceAll("");
            Optional<TdxRegister> register = TdxRegister.named(name);
            if (register.isPresent()) {
                if (registers.containsKey(register.get())) {
                    finish(label, registers);
                    label = "";
                }
                value("line " + number, content).ifPresent(hex -> registers.put(register.get(), hex));
            } else if (LABELS.contains(name.toLowerCase(Locale.ROOT)) || content.isEmpty()) {
                finish(label, registers);
                label = content.isEmpty() ? name : content;
            } else if (Sha384.meantAsDigest(content)) {
                notes.add("line %d is not imported: %s is no register that is known here"
                        .formatted(number, Printable.line(name, 40)));
            } else {
                notes.add("line %d is not imported: %s".formatted(number, Printable.line(said, 60)));
            }
        }
        finish(label, registers);
    }

    private void finish(String label, Map<TdxRegister, String> registers) {
        if (!registers.isEmpty()) {
            images.add(new TdxImage(Printable.line(label, ImportedValue.MAX_NOTE), registers));
            registers.clear();
        }
    }

    private void json(JsonNode node, String path, String label, int depth) throws ImportException {
        if (depth > MAX_DEPTH) {
            throw new ImportException(file, path, "it nests deeper than a list of registers does. Flatten it.");
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                json(node.get(i), "%s[%d]".formatted(path, i), label, depth + 1);
            }
        } else if (node.isObject()) {
            var registers = new EnumMap<TdxRegister, String>(TdxRegister.class);
            for (Map.Entry<String, JsonNode> each : node.properties()) {
                member(path + "." + each.getKey(), each, registers);
            }
            if (registers.isEmpty()) {
                for (Map.Entry<String, JsonNode> each : node.properties()) {
                    if (each.getValue().isContainerNode()) {
                        String inner = each.getValue().isArray() ? label : each.getKey();
                        json(each.getValue(), path + "." + each.getKey(), inner, depth + 1);
                    }
                }
            } else {
                images.add(new TdxImage(label(node, label), registers));
            }
        }
    }

    private void member(String path, Map.Entry<String, JsonNode> member, Map<TdxRegister, String> registers)
            throws ImportException {
        JsonNode content = member.getValue();
        String plain = member.getKey().toLowerCase(Locale.ROOT);
        if (content.isArray() && (plain.equals("rtmrs") || plain.equals("rtmr"))) {
            if (content.size() > 4) {
                throw new ImportException(file, path, "a TD has four RTMRs, not %d".formatted(content.size()));
            }
            for (int i = 0; i < content.size(); i++) {
                put(TdxRegister.rtmr(i).orElseThrow(), "%s[%d]".formatted(path, i), content.get(i), registers);
            }
            return;
        }
        Optional<TdxRegister> register = TdxRegister.named(member.getKey());
        if (register.isPresent()) {
            put(register.get(), path, content, registers);
        }
    }

    private void put(TdxRegister register, String path, JsonNode content, Map<TdxRegister, String> registers)
            throws ImportException {
        if (content.isNull() || content.isTextual() && content.textValue().isBlank()) {
            notes.add("%s is empty, so that %s is not imported from there".formatted(path, register));
            return;
        }
        if (!content.isTextual()) {
            throw new ImportException(file, path, "a register is text: %s.".formatted(Sha384.EXPECTED));
        }
        Optional<String> hex = value(path, content.textValue());
        if (hex.isPresent() && registers.put(register, hex.get()) != null) {
            throw new ImportException(file, path, "%s stands twice in one image. Remove one.".formatted(register));
        }
    }

    /** A register of zeros was never extended: it says nothing, and is left out. */
    private Optional<String> value(String place, String text) throws ImportException {
        if (text.matches("(?:0[xX])?0{96}")) {
            notes.add("%s is not imported: zeros mean that nothing was measured".formatted(place));
            return Optional.empty();
        }
        return Optional.of(Sha384.read(file, place, text, notes));
    }

    private static String label(JsonNode image, String outer) {
        return image.properties().stream()
                .filter(each -> LABELS.contains(each.getKey().toLowerCase(Locale.ROOT))
                        && each.getValue().isTextual()
                        && !each.getValue().textValue().isBlank())
                .map(each -> each.getValue().textValue())
                .reduce((left, right) -> left + ", " + right)
                .map(own -> outer.isEmpty() ? own : outer + ": " + own)
                .map(text -> Printable.line(text, ImportedValue.MAX_NOTE))
                .orElse(outer);
    }
}
