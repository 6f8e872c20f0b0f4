package io.countersign.verifier.policy;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** A place in a policy's text; both numbers begin at 1 and count characters (code points). */
record Position(int line, int column) {
    static final Position START = new Position(1, 1);

    static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
