package io.countersign.service.ops;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** A bounded memory of verified signatures: the least used go first. */
public final class RememberedFacts implements SignatureFacts {
    /** A certificate with its key. */
    private static final int ORDINARY_BYTES = 4 * 1024;

    private final Cache<Key, Object> facts;

    /**
     * An empty memory.
     *
     * @param size how many ordinary facts it holds; of {@link SignatureFacts.Sized} ones as many as take that much room
     */
    public RememberedFacts(int size) {
        this(size, ForkJoinPool.commonPool());
    }

    RememberedFacts(int size, Executor cleaning) {
        this.facts = Caffeine.newBuilder()
                .maximumWeight((long) size * ORDINARY_BYTES)
                .weigher((Key _, Object fact) -> fact instanceof Sized sized ? sized.bytes() : ORDINARY_BYTES)
                .executor(cleaning)
                .build();
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
