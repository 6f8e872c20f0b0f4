package io.countersign.bench;

import io.countersign.verifier.trust.SignatureFacts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers within one appraisal, as the service does, and can be made to forget. */
final class ShortMemory implements SignatureFacts {
    private final Map<Key, Object> facts = new HashMap<>();

    @Override
    public <T> Optional<T> recall(Key key, Class<T> type) {
        return Optional.ofNullable(facts.get(key)).map(type::cast);
    }

    @Override
    public void remember(Key key, Object fact) {
        facts.put(key, fact);
    }

    void clear() {
        facts.clear();
    }
}
