package io.countersign.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must come out of a case with NVIDIA devices, while it is being put together. */
final class NvidiaVerdict {
    static final List<String> AUTHENTICITY = List.of(
            "gpu.format", "gpu.report-signature", "gpu.certificate-chain", "gpu.fwid", "gpu.revocation", "gpu.binding");
    static final List<String> APPRAISAL = List.of("gpu.driver-rim", "gpu.vbios-rim", "gpu.measurements");
    static final List<String> COMPOSITE =
            List.of("composite.devices-distinct", "composite.nonces-agree", "composite.binding", "composite.topology");

    private final Map<String, String> checks = new LinkedHashMap<>();
    private final Map<String, String> rules = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();
    private Optional<Boolean> affirming = Optional.empty();
    private String device = "gpu0";
    private String authenticity = "";
    private String problem = "";

    /** The device whose checks and claims count. */
    void about(String label) {
        device = label;
    }

    String device() {
        return device;
    }

    void genuine() {
        authenticity = "genuine";
        AUTHENTICITY.forEach(code -> checks.put(code, "passed"));
        APPRAISAL.stream()
                .filter(code -> !device.startsWith("nvswitch") || !code.equals("gpu.driver-rim"))
                .forEach(code -> checks.put(code, "passed"));
    }

    void authenticity(String word) {
        authenticity = word;
    }

    void check(String code, String outcome) {
        checks.put(code, outcome);
    }

    void open(String... codes) {
        checks.keySet().removeAll(Set.of(codes));
    }

    void rule(String name, String outcome) {
        rules.put(name, outcome);
    }

    void claim(String path, String value) {
        claims.put(path, value);
    }

    void affirming(boolean whether) {
        affirming = Optional.of(whether);
    }

    void problem(String code) {
        problem = code;
    }

    boolean isProblem() {
        return !problem.isEmpty();
    }

    ObjectNode json(String what) {
        var expected = JsonNodeFactory.instance.objectNode().put("what", what);
        if (isProblem()) {
            return expected.put("status", 422).put("problem", problem).put("device", device);
        }
        expected.put("status", 200).put("device", device).put("authenticity", authenticity);
        affirming.ifPresent(value -> expected.put("affirming", value));
        var outcomes = expected.putObject("checks");
        for (List<String> codes : List.of(AUTHENTICITY, APPRAISAL, COMPOSITE)) {
            codes.stream().filter(checks::containsKey).forEach(code -> outcomes.put(code, checks.get(code)));
        }
        put(expected, "rules", rules);
        put(expected, "claims", claims);
        return expected;
    }

    private static void put(ObjectNode expected, String member, Map<String, String> values) {
        if (!values.isEmpty()) {
            var stated = expected.putObject(member);
            values.forEach(stated::put);
        }
    }
}
