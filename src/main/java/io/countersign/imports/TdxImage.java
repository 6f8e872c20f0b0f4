package io.countersign.imports;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The registers of one image, as lowercase hex. */
record TdxImage(String label, Map<TdxRegister, String> registers) {
    TdxImage {
        registers = Collections.unmodifiableMap(new EnumMap<>(registers));
    }
}
