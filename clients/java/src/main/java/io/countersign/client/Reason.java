package io.countersign.client;

import java.util.Optional;

/**
 * One check or rule that did not pass.
 *
 * @param device the device's label, or {@code composite} or {@code rules}
 * @param name the check's code or the rule's name
 * @param outcome {@code failed}, {@code undetermined} or {@code not-reached}
 */
public record Reason(
        String device,
        String name,
        String outcome,
        Optional<String> expected,
        Optional<String> found,
        Optional<String> hint) {

    /** The reason in one or two lines, as a person reads it. */
    public String explained() {
        var text = new StringBuilder(device + ": " + name + " " + outcome);
        expected.ifPresent(value -> text.append("; expected ").append(value));
        found.ifPresent(value -> text.append("; found ").append(value));
        hint.ifPresent(value -> text.append("\n      do: ").append(value));
        return text.toString();
    }
}
