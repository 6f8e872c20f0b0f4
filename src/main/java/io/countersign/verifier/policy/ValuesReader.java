package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads a values file: reference values and floors that several policies draw in. */
final class ValuesReader {
    static final List<String> MEMBERS = List.of("values", "version", "summary", "reviewed", "references", "floors");
    private static final String WHAT = "a values file";

    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    ValuesReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    /** Whether the file declares values and no policy. */
    static boolean holdsValues(MappingNode root) {
        return has(root, "values") && !has(root, "policy");
    }

    private static boolean has(MappingNode root, String member) {
        return root.getValue().stream()
                .anyMatch(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(member));
    }

    ValuesDocument read(MappingNode root) {
        var file = Members.of(root, WHAT, issues, MEMBERS);
        String id = file.requiredText("values")
                .map(text -> Naming.id(text, WHAT, issues))
                .orElse("");
        String version = file.requiredText("version")
                .map(text -> Naming.version(text, WHAT, issues))
                .orElse("");
        String summary = file.requiredText("summary").map(ScalarNode::getValue).orElse("");
        Optional<FloorReader.Reviewed> reviewed = FloorReader.Reviewed.read(file, issues);
        List<Stated<ReferenceSet>> references = new ReferenceReader(vocabulary, issues).read(file);
        List<Stated<FloorTable>> floors = new FloorReader(vocabulary, issues).read(file, reviewed);
        if (references.isEmpty() && floors.isEmpty() && !issues.anyError()) {
            issues.error(root, "the file holds no values", "add references or floors");
        }
        return new ValuesDocument(
                root, id, version, summary, reviewed.map(FloorReader.Reviewed::date), references, floors);
    }
}
