package io.countersign.verifier.policy;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.result.TrustTier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What one policy file itself says, before anything is drawn in. Only complete when no error was found. */
record PolicyDocument(
        MappingNode root,
        String id,
        String version,
        String summary,
        List<ScalarNode> parents,
        List<ScalarNode> valuesFrom,
        Optional<ScalarNode> shadowOf,
        Optional<Set<String>> cpuTypes,
        Optional<Expectations.Count> gpus,
        Optional<Expectations.Count> nvswitches,
        Optional<Stated<Set<BindingMethod>>> bindings,
        Optional<Stated<Set<Freshness>>> freshness,
        Optional<Stated<KeyDemand>> key,
        ToleranceReader.StatedTolerances tolerances,
        Set<TrustTier> mintable,
        Optional<String> anyWorkload,
        List<Stated<ReferenceSet>> references,
        List<Stated<FloorTable>> floors,
        List<StatedRule> rules,
        List<StatedAdvisory> advisories,
        List<StatedTest> tests)
        implements FileContent {
    /** A value and where it stands. */
    record Stated<T>(T value, Node node) {}

    /**
     * A rule as written, not yet compiled.
     *
     * @param replaces the inherited rule whose place it takes
     */
    record StatedRule(Rule rule, Optional<ScalarNode> replaces, ScalarNode name, ScalarNode require) {}

    /** An advisory as written, not yet compiled. */
    record StatedAdvisory(Advisory advisory, ScalarNode name, ScalarNode when) {}

    /**
     * A test as written.
     *
     * @param rules where the names of rules stand, which only the resolved policy knows
     */
    record StatedTest(PolicyTest test, Map<String, Node> rules) {}

    @Override
    public List<ScalarNode> drawnIn() {
        return Stream.concat(parents.stream(), valuesFrom.stream()).toList();
    }
}
