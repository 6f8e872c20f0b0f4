package io.countersign.verifier.policy;

import dev.cel.common.ast.CelExpr;
import java.util.Optional;
import java.util.Set;

/** Names in CEL: its reserved words, its operators as the tree spells them, and dotted names put back together. */
final class CelWords {
    static final String REFERENCES = "references.";
    static final String FLOORS = "floors.";
    static final String AND = "_&&_";
    static final String OR = "_||_";
    static final String CONDITIONAL = "_?_:_";
    static final String IN = "@in";
    static final String EQUALS = "_==_";
    static final String NOT_EQUALS = "_!=_";
    static final Set<String> ORDERS = Set.of("_<_", "_<=_", "_>_", "_>=_");

    /** CEL language definition, section "Syntax": IDENT excludes RESERVED, and the literals and {@code in}. */
    static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while");

    private CelWords() {}

    /** {@code a.b.c} of a chain of plain selections; nothing for any other expression. */
    static Optional<String> dottedName(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> Optional.of(expression.ident().name());
            case SELECT ->
                expression.select().testOnly()
                        ? Optional.empty()
                        : dottedName(expression.select().operand())
                                .map(name -> name + "." + expression.select().field());
            case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> Optional.empty();
        };
    }
}
