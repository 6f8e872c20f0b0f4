package io.countersign.service.api.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.countersign.verifier.bytes.Bytes;
import java.util.Map;

/**
 * JSON with sorted members and no white space, as RFC 8785 writes documents of strings, integers, booleans, nulls, arrays and
 * objects, which is all that results hold.
 */
public final class CanonicalJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private CanonicalJson() {}

    public static Bytes of(Map<String, Object> document) {
        try {
            return Bytes.copyOf(MAPPER.writeValueAsBytes(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result document is always JSON", e);
        }
    }
}
