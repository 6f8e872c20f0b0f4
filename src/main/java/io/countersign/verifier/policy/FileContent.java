package io.countersign.verifier.policy;

import java.util.List;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What one file itself says: a policy, or values that policies draw in. */
sealed interface FileContent permits PolicyDocument, ValuesDocument {
    MappingNode root();

    /** The empty text when it declares none. */
    String id();

    /** The ids of other files that must be read before. */
    List<ScalarNode> drawnIn();
}
