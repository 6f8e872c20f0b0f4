package io.countersign.verifier.policy;

import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Finds where a character of a scalar's value stands in the policy's text, whatever the scalar's style: quotes, folding,
 * indentation and escapes lie between the two.
 */
final class ScalarPositions {
    private final int[] text;

    ScalarPositions(String source) {
        this.text = source.codePoints().toArray();
    }

    /** The place of the character {@code index} (in code points) of the value; the scalar's start when it cannot be told. */
    Position locate(ScalarNode scalar, int index) {
        Optional<Mark> start = scalar.getStartMark();
        return start.map(mark -> align(scalar, mark, index).orElse(Position.of(mark)))
                .orElse(Position.START);
    }

    private Optional<Position> align(ScalarNode scalar, Mark start, int index) {
        int[] value = scalar.getValue().codePoints().toArray();
        var cursor = new Cursor(text, start);
        switch (scalar.getScalarStyle()) {
            case SINGLE_QUOTED, DOUBLE_QUOTED -> cursor.advance();
            case LITERAL, FOLDED -> cursor.skipLine();
            case PLAIN, JSON_SCALAR_STYLE -> {}
        }
        boolean escapes = scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
        boolean doubled = scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED;
        for (int i = 0; i < value.length; i++) {
            if (escapes) {
                cursor.skipEscapedLineBreaks();
            }
            boolean blank = Character.isWhitespace(value[i]);
            if (!blank) {
                cursor.skipBlanks();
            }
            if (i == index) {
                return Optional.of(cursor.position());
            }
            if (cursor.ended()) {
                return Optional.empty();
            }
            if (escapes && cursor.current() == '\\') {
                cursor.skipEscape();
            } else if (blank ? Character.isWhitespace(cursor.current()) : cursor.current() == value[i]) {
                if (doubled && value[i] == '\'') {
                    cursor.advance();
                }
                cursor.advance();
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(cursor.position());
    }

    /** Walks the text and counts lines and columns. */
    private static final class Cursor {
        private final int[] text;
        private int at;
        private int line;
        private int column;

        Cursor(int[] text, Mark start) {
            this.text = text;
            at = start.getIndex();
            line = start.getLine() + 1;
            column = start.getColumn() + 1;
        }

        boolean ended() {
            return at >= text.length;
        }

        int current() {
            return text[at];
        }

        Position position() {
            return new Position(line, column);
        }

        void advance() {
            if (ended()) {
                return;
            }
            boolean lineEnds = text[at] == '\n' || text[at] == '\r' && !(at + 1 < text.length && text[at + 1] == '\n');
            at++;
            column = lineEnds ? 1 : column + 1;
            line = lineEnds ? line + 1 : line;
        }

        void skipBlanks() {
            while (!ended() && Character.isWhitespace(current())) {
                advance();
            }
        }

        void skipLine() {
            int from = line;
            while (!ended() && line == from) {
                advance();
            }
        }

        /** A backslash at the end of a line joins it with the next and leaves nothing in the value. */
        void skipEscapedLineBreaks() {
            while (at + 1 < text.length && current() == '\\' && (text[at + 1] == '\n' || text[at + 1] == '\r')) {
                advance();
                skipBlanks();
            }
        }

        void skipEscape() {
            advance();
            int digits = ended()
                    ? 0
                    : switch (current()) {
                        case 'x' -> 2;
                        case 'u' -> 4;
                        case 'U' -> 8;
                        default -> 0;
                    };
            advance();
            for (int i = 0; i < digits; i++) {
                advance();
            }
        }
    }
}
