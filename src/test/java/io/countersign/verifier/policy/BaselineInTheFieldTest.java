package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.RuleResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the baseline says about machines that were really there: strict, and passable by current ones. */
class BaselineInTheFieldTest {
    private static final String REPORTED = "reported firmware is fixed against CVE-2024-56161";
    private static final String VMPL = "report was requested at VMPL 0";

    /** Captures of current firmware (report version 3 and later) that break a rule, and which. */
    private static final Map<String, List<String>> REFUSED = Map.of(
            "coco-vlek", List.of(VMPL), // snpguest asked at VMPL 1
            "dstack-snp", List.of(REPORTED)); // the host reports SNP SPL 23 on Milan

    private static JsonNode captures() throws IOException {
        Path manifest = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"))
                .resolve("sev-snp/MANIFEST.json");
        Assumptions.assumeTrue(
                Files.exists(manifest), "no captures at " + manifest + ": set -Dcountersign.evidence to their folder");
        return new ObjectMapper().readTree(Files.readString(manifest)).path("entries");
    }

    private static Map<String, Object> claims(JsonNode fields, String product) {
        Map<String, Object> claims = Bench.milan();
        long policy = Long.decode(fields.path("policy").asText());
        long platform = Long.decode(fields.path("platform_info").asText());
        // AMD 56860, guest policy: bit 18 MIGRATE_MA, bit 19 DEBUG. PLATFORM_INFO: bit 5 ALIAS_CHECK_COMPLETE.
        claims.put("debug", (policy >> 19 & 1) == 1);
        claims.put("migratable", (policy >> 18 & 1) == 1);
        claims.put("snp.platform_info.alias_check_complete", (platform >> 5 & 1) == 1);
        claims.put("snp.product", product.substring(0, 1).toUpperCase(Locale.ROOT) + product.substring(1));
        claims.put("snp.vmpl", fields.path("vmpl").asLong());
        for (String tcb : List.of("reported_tcb", "committed_tcb", "launch_tcb")) {
            claims.put("snp." + tcb + ".snp", fields.path(tcb).path("snp").asLong());
        }
        return claims;
    }

    @Test
    void currentMachinesMeetEveryRuleButThoseListedAndOldOnesDoNot() throws IOException {
        AppraisalPolicy baseline = Bench.baseline();
        var broken = new TreeMap<String, List<String>>();
        for (JsonNode capture : captures()) {
            JsonNode fields = capture.path("fields");
            if (fields.isMissingNode() || !capture.path("product").isTextual()) {
                continue;
            }
            String id = capture.path("id").asText();
            var result = Bench.appraise(
                    baseline, claims(fields, capture.path("product").asText()));
            List<String> failed = result.rules().stream()
                    .filter(rule -> rule.outcome() instanceof Outcome.Failed)
                    .map(RuleResult::name)
                    .toList();
            if (fields.path("version").asInt() < 3) {
                assertFalse(failed.isEmpty(), id + " is old firmware");
            } else if (!failed.isEmpty()) {
                broken.put(id, failed);
            }
        }
        assertEquals(new TreeMap<>(REFUSED), broken);
    }
}
