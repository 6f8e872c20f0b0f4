package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.StatedAdvisory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads advisories as written; compiling their conditions is another step. */
final class AdvisoryReader {
    static final List<String> MEMBERS = List.of("name", "for", "when", "because", "hint");

    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    AdvisoryReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    List<StatedAdvisory> read(Members policy, String origin) {
        var advisories = new ArrayList<StatedAdvisory>();
        var names = new HashSet<String>();
        for (Members advisory : policy.mappings("advisories", "an advisory", MEMBERS)) {
            advisory(advisory, origin).ifPresent(stated -> {
                String name = stated.advisory().name();
                if (!name.isEmpty() && !names.add(name)) {
                    issues.error(stated.name(), "two advisories are named \"" + name + "\"", "rename one of them");
                }
                advisories.add(stated);
            });
        }
        return advisories;
    }

    private Optional<StatedAdvisory> advisory(Members advisory, String origin) {
        Optional<ScalarNode> name =
                advisory.requiredText("name").filter(text -> Naming.fits(text, "an advisory", issues));
        Optional<ClaimVocabulary.Scope> scope =
                advisory.requiredText("for").flatMap(text -> Naming.scope(text, vocabulary, issues));
        Optional<ScalarNode> when = advisory.requiredText("when");
        String because =
                advisory.requiredText("because").map(ScalarNode::getValue).orElse("");
        String hint = advisory.text("hint").map(ScalarNode::getValue).orElse("");
        if (scope.isEmpty() || when.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StatedAdvisory(
                new Advisory(
                        origin,
                        name.map(ScalarNode::getValue).orElse(""),
                        scope.get(),
                        when.get().getValue().strip(),
                        because,
                        hint),
                name.orElse(when.get()),
                when.get()));
    }
}
