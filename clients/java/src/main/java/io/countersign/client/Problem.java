package io.countersign.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A problem document (RFC 9457) as the service answers it.
 *
 * @param code the stable word to switch on; empty when the answer was not a problem document of the service
 * @param reasons every check and rule that did not pass, where the problem is a refusal
 */
public record Problem(int status, String code, String detail, Optional<String> hint, List<Reason> reasons) {
    /** Outcomes that admit: contract, section 5. */
    private static final Set<String> ADMITTING = Set.of("passed", "waived");

    /** More than 64 devices with all their checks do not help anybody. */
    private static final int MAX_REASONS = 200;

    public Problem {
        reasons = List.copyOf(reasons);
    }

    /** An answer that carries no problem document. */
    static Problem bare(int status) {
        return new Problem(
                status, "", "the answer was status " + status + " without an explanation", Optional.empty(), List.of());
    }

    static Problem read(int status, ObjectNode body) {
        String detail = StrictJson.text(body, "detail")
                .or(() -> StrictJson.text(body, "title"))
                .or(() -> StrictJson.text(body, "error_description"))
                .or(() -> StrictJson.text(body, "error"))
                .orElse("the answer was status " + status + " without an explanation");
        return new Problem(
                status,
                StrictJson.text(body, "code").map(Plain::line).orElse(""),
                Plain.line(detail),
                StrictJson.text(body, "hint").map(Plain::line),
                reasons(body));
    }

    private static List<Reason> reasons(ObjectNode body) {
        var reasons = new ArrayList<Reason>();
        collect(reasons, "composite", "code", body.path("checks"));
        body.path("submods")
                .properties()
                .forEach(device -> collect(
                        reasons,
                        Plain.line(device.getKey()),
                        "code",
                        device.getValue().path("checks")));
        collect(reasons, "rules", "name", body.path("rules"));
        return reasons.size() <= MAX_REASONS ? reasons : reasons.subList(0, MAX_REASONS);
    }

    private static void collect(List<Reason> reasons, String device, String nameMember, JsonNode findings) {
        for (JsonNode finding : findings) {
            String outcome =
                    StrictJson.text(finding, "outcome").map(Plain::line).orElse("without an outcome");
            if (!ADMITTING.contains(outcome)) {
                reasons.add(new Reason(
                        StrictJson.text(finding, "submodule").map(Plain::line).orElse(device),
                        StrictJson.text(finding, nameMember).map(Plain::line).orElse("unnamed"),
                        outcome,
                        plain(finding, "expected"),
                        plain(finding, "actual")
                                .or(() -> plain(finding, "missing").map(missing -> "missing: " + missing)),
                        plain(finding, "hint")
                                .or(() -> plain(finding, "blocked_by").map(check -> "see " + check + " first"))));
            }
        }
    }

    private static Optional<String> plain(JsonNode finding, String member) {
        return StrictJson.text(finding, member).map(Plain::line);
    }

    /** What happened and each reason, for a person; without the problem's own hint. */
    public String summary() {
        var text = new StringBuilder(detail);
        if (!code.isEmpty()) {
            text.append(" (").append(code).append(')');
        }
        reasons.forEach(reason -> text.append("\n  ").append(reason.explained()));
        return text.toString();
    }

    /** The same with what to do. */
    public String explained() {
        return summary() + hint.map(value -> "\n  do: " + value).orElse("");
    }
}
