package io.countersign.verifier.token;

import io.countersign.verifier.result.Appraisal;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs of a result in three words, for relying parties that match strings. What is said is true of every one of them.
 *
 * @param model the model, or the board where the model is not known; {@value #MIXED} when they differ
 * @param mode {@code on} or {@code ppcie}; {@value #MIXED} when they differ, empty when one of them is not known
 */
record GpuSummary(long count, Optional<String> model, Optional<String> mode) {
    private static final String MIXED = "mixed";

    static GpuSummary of(List<Appraisal> devices) {
        var gpus = devices.stream()
                .filter(device -> device.label().startsWith("gpu"))
                .toList();
        var models = gpus.stream()
                .map(gpu -> text(gpu, "model").or(() -> text(gpu, "board")))
                .toList();
        var modes = gpus.stream().map(gpu -> text(gpu, "cc_mode")).toList();
        return new GpuSummary(gpus.size(), common(models), common(modes));
    }

    /** Empty when there is none, or when nothing is known of one: then nothing is true of all. */
    private static Optional<String> common(List<Optional<String>> words) {
        if (words.isEmpty() || words.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return words.stream().distinct().count() == 1 ? words.getFirst() : Optional.of(MIXED);
    }

    private static Optional<String> text(Appraisal gpu, String path) {
        return gpu.authentication()
                .claims()
                .flatMap(claims -> claims.find(path))
                .map(String::valueOf);
    }
}
