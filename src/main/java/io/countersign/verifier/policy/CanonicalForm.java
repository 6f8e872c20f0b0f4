package io.countersign.verifier.policy;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.TrustTier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All of a file, with what it draws in, as plain values: what digests are computed over. What is not in here changes
 * neither a verdict nor its explanation: places, comments, and a policy's tests, so that a test more is no new policy.
 */
final class CanonicalForm {
    private CanonicalForm() {}

    static PolicyIdentity identity(AppraisalPolicy.Parts parts) {
        return new PolicyIdentity(parts.id(), parts.version(), digest(of(parts)));
    }

    static PolicyIdentity identity(ValuesDocument document) {
        var form = new TreeMap<String, Object>();
        form.put("values", document.id());
        form.put("version", document.version());
        form.put("summary", document.summary());
        document.reviewed().ifPresent(date -> form.put("reviewed", date.toString()));
        putValues(form, document.values());
        return new PolicyIdentity(document.id(), document.version(), digest(form));
    }

    private static Bytes digest(Map<String, Object> form) {
        return Bytes.utf8(CanonicalJson.write(form)).sha256();
    }

    private static Map<String, Object> of(AppraisalPolicy.Parts parts) {
        var form = new TreeMap<String, Object>();
        form.put("policy", parts.id());
        form.put("version", parts.version());
        form.put("summary", parts.summary());
        form.put("extends", digests("policy", parts.parents()));
        if (!parts.valuesFrom().isEmpty()) {
            form.put("values_from", digests("values", parts.valuesFrom()));
        }
        parts.shadowOf().ifPresent(id -> form.put("shadow_of", id));
        form.put("cpu_types", sorted(parts.expectations().cpuTypes()));
        form.put("gpu_count", parts.expectations().gpus().canonical());
        form.put("nvswitch_count", parts.expectations().nvswitches().canonical());
        form.put(
                "bindings",
                sorted(parts.bindings().stream().map(BindingMethod::word).toList()));
        form.put("key", parts.key().word());
        form.put(
                "freshness",
                sorted(parts.freshness().stream().map(Freshness::word).toList()));
        form.put("crl_stale_for", parts.tolerances().staleCrl().toSeconds());
        form.put("ocsp_max_age", parts.tolerances().ocspMaxAge().toSeconds());
        parts.tolerances().certificateHold().ifPresent(reason -> form.put("certificate_hold", reason));
        form.put("waive", parts.tolerances().waivers());
        form.put("tcb_status", parts.tolerances().tcbStatuses());
        form.put("mint", sorted(parts.mintable().stream().map(TrustTier::word).toList()));
        parts.anyWorkload().ifPresent(reason -> form.put("any_workload", reason));
        putValues(form, parts.values());
        form.put("rules", parts.rules().stream().map(rule -> of(rule.rule())).toList());
        if (!parts.advisories().isEmpty()) {
            form.put(
                    "advisories",
                    parts.advisories().stream()
                            .map(advisory -> of(advisory.advisory()))
                            .toList());
        }
        return form;
    }

    private static List<Map<String, String>> digests(String kind, List<PolicyIdentity> files) {
        return files.stream()
                .map(file -> Map.of(kind, file.id(), "digest", file.digestText()))
                .toList();
    }

    private static void putValues(Map<String, Object> form, PolicyValues values) {
        var references = new TreeMap<String, Object>();
        values.references().forEach((name, set) -> references.put(name, of(set)));
        form.put("references", references);
        if (!values.floors().isEmpty()) {
            var floors = new TreeMap<String, Object>();
            values.floors().forEach((name, table) -> floors.put(name, of(table)));
            form.put("floors", floors);
        }
    }

    private static Map<String, Object> of(ReferenceSet set) {
        var form = new TreeMap<String, Object>();
        form.put("claim", set.claim());
        form.put("note", set.note());
        form.put("owner", set.owner());
        set.expires().ifPresent(end -> form.put("expires", end.toString()));
        form.put("values", sorted(set.values()));
        var details = new TreeMap<String, Object>();
        set.entries().forEach(value -> {
            var detail = new TreeMap<String, Object>();
            value.expires().ifPresent(end -> detail.put("expires", end.toString()));
            if (!value.note().isEmpty()) {
                detail.put("note", value.note());
            }
            if (!detail.isEmpty()) {
                details.put(value.text(), detail);
            }
        });
        if (!details.isEmpty()) {
            form.put("value_details", details);
        }
        return form;
    }

    private static Map<String, Object> of(FloorTable table) {
        var form = new TreeMap<String, Object>();
        form.put("bulletin", table.bulletin());
        form.put("reviewed", table.reviewed().toString());
        form.put("note", table.note());
        form.put("for", table.scope().word());
        form.put(
                "rows",
                table.rows().stream()
                        .map(row -> Map.of("match", row.match(), "at_least", row.atLeast()))
                        .toList());
        return form;
    }

    private static Map<String, Object> of(Rule rule) {
        var form = new TreeMap<String, Object>();
        form.put("origin", rule.origin());
        form.put("name", rule.name());
        form.put("for", rule.scope().word());
        form.put("require", rule.require());
        form.put("sets", rule.sets().word());
        form.put("affirms", rule.affirms());
        form.put("otherwise", rule.otherwise().word());
        form.put("because", rule.because());
        form.put("hint", rule.hint());
        return form;
    }

    private static Map<String, Object> of(Advisory advisory) {
        var form = new TreeMap<String, Object>();
        form.put("origin", advisory.origin());
        form.put("name", advisory.name());
        form.put("for", advisory.scope().word());
        form.put("when", advisory.when());
        form.put("because", advisory.because());
        form.put("hint", advisory.hint());
        return form;
    }

    private static List<String> sorted(Collection<String> words) {
        var list = new ArrayList<>(words);
        Collections.sort(list);
        return list;
    }
}
