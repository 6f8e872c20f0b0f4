package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What one values file says. Only complete when no error was found. */
record ValuesDocument(
        MappingNode root,
        String id,
        String version,
        String summary,
        Optional<LocalDate> reviewed,
        List<Stated<ReferenceSet>> references,
        List<Stated<FloorTable>> floors)
        implements FileContent {
    @Override
    public List<ScalarNode> drawnIn() {
        return List.of();
    }

    PolicyValues values() {
        var sets = new LinkedHashMap<String, ReferenceSet>();
        references.forEach(set -> sets.put(set.value().name(), set.value()));
        var tables = new LinkedHashMap<String, FloorTable>();
        floors.forEach(table -> tables.put(table.value().name(), table.value()));
        return new PolicyValues(sets, tables);
    }
}
