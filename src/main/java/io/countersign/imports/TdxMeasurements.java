package io.countersign.imports;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Registers of TDs, as tools that compute them print them: JSON with members such as {@code mrtd}, {@code mr_td}, {@code rtmr1} or
 * {@code rtmrs} (dstack, tdx-measure, Contrast's manifests), one object, several in an array or under labels; or lines such as
 * {@code MRTD: …} and {@code RTMR[1] = …}, where a register that stands again begins the next image.
 */
public final class TdxMeasurements {
    private TdxMeasurements() {}

    /** Reads the usual registers. */
    public static Imported read(String file, Bytes content) throws ImportException {
        return read(file, content, TdxRegister.usual());
    }

    /**
     * Reads registers of one image or several.
     *
     * @param wanted which registers become sets
     */
    public static Imported read(String file, Bytes content, Set<TdxRegister> wanted) throws ImportException {
        if (wanted.isEmpty()) {
            throw new ImportException(
                    "no register was asked for; mr_td, rtmr1 and rtmr2 together say what was started");
        }
        var notes = new ArrayList<String>();
        List<TdxImage> images = TdxImageReader.read(file, Documents.text(file, content), notes);
        Map<TdxRegister, SetBuilder> sets = sets(images, wanted);
        if (sets.isEmpty()) {
            throw new ImportException(
                    file,
                    "",
                    "it has none of the registers that were asked for (%s). Expected members or lines such as mrtd, rtmr1 and rtmr2 with 96 hex digits."
                            .formatted(names(wanted)));
        }
        notes.addAll(about(images, wanted, sets.keySet()));
        return new Imported(
                new Source(file, content.sha256()),
                sets.entrySet().stream()
                        .map(each -> each.getValue()
                                .build(
                                        each.getKey().name() + ": "
                                                + each.getKey().meaning(),
                                        "",
                                        Optional.empty()))
                        .toList(),
                notes,
                TdxRules.of(images, sets.keySet()));
    }

    private static Map<TdxRegister, SetBuilder> sets(List<TdxImage> images, Set<TdxRegister> wanted) {
        var sets = new EnumMap<TdxRegister, SetBuilder>(TdxRegister.class);
        for (TdxImage image : images) {
            image.registers().forEach((register, value) -> {
                if (wanted.contains(register)) {
                    sets.computeIfAbsent(register, each -> new SetBuilder(each.setName(), each.claim()))
                            .add(value, image.label());
                }
            });
        }
        return sets;
    }

    private static List<String> about(List<TdxImage> images, Set<TdxRegister> wanted, Set<TdxRegister> found) {
        var notes = new ArrayList<String>();
        if (images.size() > 1) {
            notes.add(
                    "%d images were imported. Sets know no combinations: a TD with one image's MRTD and another's RTMR1 is in all of them. Use the second rule below, or import each image into a file of its own."
                            .formatted(images.size()));
        }
        EnumSet<TdxRegister> left = EnumSet.noneOf(TdxRegister.class);
        images.forEach(image -> left.addAll(image.registers().keySet()));
        left.removeAll(wanted);
        if (!left.isEmpty()) {
            notes.add("not imported, because nobody asked for them: " + names(left));
        }
        Set<TdxRegister> missing = EnumSet.copyOf(wanted);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            notes.add("asked for, and not in the file: %s. Without all of MRTD, RTMR1 and RTMR2 it is open what runs"
                    .formatted(names(missing)));
        }
        for (TdxImage image : images) {
            Set<TdxRegister> without = EnumSet.copyOf(found);
            without.removeAll(image.registers().keySet());
            if (!without.isEmpty()) {
                notes.add("image \"%s\" has no %s; other images do".formatted(image.label(), names(without)));
            }
        }
        return notes;
    }

    private static String names(Set<TdxRegister> registers) {
        return registers.stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
    }

    /** A label for images that have none. */
    static String numbered(int place) {
        return "image " + (place + 1);
    }

    /** Labels that stand twice would tell nothing apart. */
    static List<TdxImage> withOwnLabels(List<TdxImage> images) {
        var count = new LinkedHashMap<String, Integer>();
        images.forEach(image -> count.merge(image.label(), 1, Integer::sum));
        var labelled = new ArrayList<TdxImage>();
        for (int i = 0; i < images.size(); i++) {
            TdxImage image = images.get(i);
            boolean alone = !image.label().isBlank() && count.getOrDefault(image.label(), 0) == 1;
            String label = image.label().isBlank() ? numbered(i) : image.label() + ", " + numbered(i);
            labelled.add(alone ? image : new TdxImage(label, image.registers()));
        }
        return labelled;
    }
}
