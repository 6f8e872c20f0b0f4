package io.countersign.verifier.tee.tdx.collateral;

import java.util.List;

/**
 * A JSON value exactly as it was written: numbers keep their digits, so that 4, 4.0, 4e0 and -0 stay apart, and objects know
 * the bytes they stand in.
 */
sealed interface Json permits JsonObject, Json.Items, Json.Text, Json.Digits, Json.Literal {
    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String shown() {
            return "an array of " + values.size();
        }
    }

    record Text(String value) implements Json {
        @Override
        public String shown() {
            return '"' + Printable.shortened(value) + '"';
        }
    }

    /** A number that was written without fraction and exponent; a sign may be there. */
    record Digits(String value) implements Json {
        @Override
        public String shown() {
            return Printable.shortened(value);
        }
    }

    /** {@code true}, {@code false}, {@code null} and the numbers that Intel never writes. */
    record Literal(String value) implements Json {
        @Override
        public String shown() {
            return Printable.shortened(value);
        }
    }

    /** The value for a message, shortened, without anything that a terminal could take for more than text. */
    String shown();
}
