package io.countersign.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Suggests how to use the registers of images: as sets, and image by image where there are several. */
final class TdxRules {
    /** What the policy language takes in one expression. */
    private static final int MOST_CHARACTERS = 4096;

    private TdxRules() {}

    static List<String> of(List<TdxImage> images, Set<TdxRegister> sets) {
        var lines = new ArrayList<String>();
        lines.add("For the rules of a policy that draws this file in:");
        lines.add("  - name: system is one of those imported");
        lines.add("    for: tdx");
        lines.add("    require: >-");
        lines.add("      "
                + sets.stream()
                        .map(each -> "cpu.%s in references.%s".formatted(each.claim(), each.setName()))
                        .collect(Collectors.joining(" && ")));
        lines.add("    sets: executables");
        lines.add("    because: Each register measures the next, so only all of them together say what runs.");
        if (images.size() > 1) {
            combinations(images, sets).ifPresentOrElse(lines::addAll, () -> {
                lines.add("A rule that lists the combinations of all images would be too long for one expression:");
                lines.add("import each image into a file of its own, with a policy of its own.");
            });
        }
        return lines;
    }

    private static Optional<List<String>> combinations(List<TdxImage> images, Set<TdxRegister> sets) {
        var lines = new ArrayList<String>();
        lines.add("Beside it, so that no register of one image passes with those of another:");
        lines.add("  - name: registers belong to one image");
        lines.add("    for: tdx");
        lines.add("    require: >-");
        int length = 0;
        for (int i = 0; i < images.size(); i++) {
            TdxImage image = images.get(i);
            String together = sets.stream()
                    .filter(image.registers()::containsKey)
                    .map(each -> "cpu.%s == \"%s\""
                            .formatted(each.claim(), image.registers().get(each)))
                    .collect(Collectors.joining(" && "));
            length += together.length() + 6;
            lines.add("      (%s)%s".formatted(together, i + 1 < images.size() ? " ||" : ""));
        }
        lines.add("    sets: executables");
        lines.add("    because: A mixture of images was reviewed by nobody.");
        return length > MOST_CHARACTERS ? Optional.empty() : Optional.of(lines);
    }
}
