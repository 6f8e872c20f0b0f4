package io.countersign.service.ops;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.Optional;

/** A bounded memory of verified signatures: the least used go first. */
public final class RememberedFacts implements SignatureFacts {
    private final Cache<Key, Object> facts;

    public RememberedFacts(int size) {
        this.facts = Caffeine.newBuilder().maximumSize(size).build();
    }

    @Override
    public <T> Optional<T> recall(Key key, Class<T> type) {
        return Optional.ofNullable(facts.getIfPresent(key))
                .filter(type::isInstance)
                .map(type::cast);
    }

    @Override
    public void remember(Key key, Object fact) {
        facts.put(key, fact);
    }
}
