package io.countersign.service.api.result;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A result as the contract's JSON members, in the contract's order. */
public final class ResultDocument {
    private ResultDocument() {}

    /**
     * The members of a result.
     *
     * @param draft whether the policy was a draft of the request's own
     * @param insecure whether laboratory anchors are in force
     * @param wanted whether the reader may know what the policy's rules compare with
     */
    public static Map<String, Object> of(AttestationResult result, Mark draft, Mark insecure, Wanted wanted) {
        var document = new LinkedHashMap<String, Object>();
        document.put("status", result.status().word());
        document.put("evaluated_at", result.evaluatedAt().toString());
        if (insecure == Mark.SET) {
            document.put("insecure", true);
        }
        var policy = new LinkedHashMap<String, Object>();
        policy.put("id", result.policy().id());
        policy.put("version", result.policy().version());
        policy.put("digest", result.policy().digestText());
        if (draft == Mark.SET) {
            policy.put("draft", true);
        }
        document.put("policy", policy);
        document.put("binding", result.binding().method().word());
        document.put("checks", checks(result.compositeChecks()));
        var submodules = new LinkedHashMap<String, Object>();
        result.submodules().forEach(appraisal -> submodules.put(appraisal.label(), submodule(appraisal)));
        document.put("submods", submodules);
        document.put("rules", RuleDocuments.of(result.rules(), wanted));
        if (!result.advisories().isEmpty()) {
            document.put(
                    "advisories",
                    result.advisories().stream().map(ResultDocument::advisory).toList());
        }
        return document;
    }

    /** Whether something holds that a reader must not overlook. */
    public enum Mark {
        SET,
        NOT_SET
    }

    /** What becomes of the values that a policy's rules compare with. */
    public enum Wanted {
        SHOWN,
        WITHHELD
    }

    private static Map<String, Object> submodule(Appraisal appraisal) {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", appraisal.type());
        document.put("status", appraisal.status().word());
        document.put("authenticity", appraisal.authentication().authenticity().word());
        var vector = new LinkedHashMap<String, Object>();
        appraisal.vector().values().forEach((claim, value) -> vector.put(claim.word(), value));
        document.put("trustworthiness_vector", vector);
        document.put("checks", checks(appraisal.authentication().report()));
        appraisal.authentication().claims().map(Claims::asTree).ifPresent(claims -> document.put("claims", claims));
        return document;
    }

    private static List<Map<String, Object>> checks(CheckReport report) {
        return report.checks().stream()
                .map((Check check) -> outcome("code", check.id().code(), check.outcome()))
                .toList();
    }

    private static Map<String, Object> advisory(AdvisoryResult advisory) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", advisory.name());
        document.put("submodule", advisory.submodule());
        document.put("because", advisory.because());
        if (!advisory.hint().isEmpty()) {
            document.put("hint", advisory.hint());
        }
        document.put("policy", advisory.origin());
        return document;
    }

    private static Map<String, Object> outcome(String nameMember, String name, Outcome outcome) {
        var document = new LinkedHashMap<String, Object>();
        document.put(nameMember, name);
        document.put("outcome", outcome.word());
        detail(document, outcome);
        return document;
    }

    static void detail(Map<String, Object> document, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passed(var because) -> document.put("because", because);
            case Outcome.Failed(var expected, var actual, var hint) -> {
                document.put("expected", expected);
                document.put("actual", actual);
                document.put("hint", hint);
            }
            case Outcome.Undetermined(var missing, var cause, var hint) -> {
                document.put("missing", missing);
                document.put("hint", hint);
            }
            case Outcome.NotReached(var blockedBy) -> document.put("blocked_by", blockedBy.code());
            case Outcome.Waived(var byPolicy, var reason) -> {
                document.put("by_policy", byPolicy);
                document.put("reason", reason);
            }
        }
    }
}
