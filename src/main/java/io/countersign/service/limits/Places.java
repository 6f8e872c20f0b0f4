package io.countersign.service.limits;

import io.countersign.service.collateral.ClientId;
import io.countersign.service.limits.Asker.Standing;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Places for requests under way, of which some are kept for those who must get through whatever strangers do. Nobody waits
 * for one: a request has a place or is told to come back.
 */
public final class Places {
    /** What a request wants to do. */
    public enum Purpose {
        EVIDENCE,
        INTROSPECTION
    }

    /**
     * How many there are.
     *
     * @param all those kept included
     * @param forCallers kept for evidence of registered callers
     * @param forIntrospection kept for introspection
     * @param share at most so many for one client of that standing; empty is as many as there are
     */
    public record Settings(int all, int forCallers, int forIntrospection, Map<Standing, Optional<Integer>> share) {
        public Settings {
            if (all - forCallers - forIntrospection < 1) {
                throw new IllegalArgumentException("no place is left for everybody");
            }
            share = Map.copyOf(share);
        }
    }

    /** Where a place is from. */
    public enum Kind {
        COMMON,
        KEPT
    }

    /** How asking for a place ended. */
    public sealed interface Asked {
        /** Must be given back, once. */
        record Taken(Kind kind, Runnable giveBack) implements Asked {}

        /**
         * There is none.
         *
         * @param most how many there are, for this client or for all
         */
        record Refused(Limit limit, int most) implements Asked {}
    }

    private final Settings settings;
    private final Semaphore common;
    private final Semaphore forCallers;
    private final Semaphore forIntrospection;
    private final Map<ClientId, Integer> held = new ConcurrentHashMap<>();

    public Places(Settings settings) {
        this.settings = settings;
        this.common = new Semaphore(settings.all() - settings.forCallers() - settings.forIntrospection());
        this.forCallers = new Semaphore(settings.forCallers());
        this.forIntrospection = new Semaphore(settings.forIntrospection());
    }

    public Asked ask(Asker asker, Purpose purpose) {
        Optional<Integer> share = settings.share().getOrDefault(asker.standing(), Optional.empty());
        if (share.isPresent() && !holdOneMore(asker.client(), share.get())) {
            return new Asked.Refused(Limit.CLIENT_SHARE, share.get());
        }
        Runnable letGo = share.isPresent() ? () -> letGo(asker.client()) : () -> {};
        Optional<Semaphore> kept = keptFor(asker.standing(), purpose);
        if (kept.isPresent() && kept.get().tryAcquire()) {
            return taken(Kind.KEPT, kept.get(), letGo);
        }
        if (common.tryAcquire()) {
            return taken(Kind.COMMON, common, letGo);
        }
        letGo.run();
        return new Asked.Refused(Limit.CONCURRENT, settings.all());
    }

    private Optional<Semaphore> keptFor(Standing standing, Purpose purpose) {
        return switch (purpose) {
            case INTROSPECTION -> Optional.of(forIntrospection);
            case EVIDENCE -> standing == Standing.REGISTERED ? Optional.of(forCallers) : Optional.empty();
        };
    }

    private static Asked taken(Kind kind, Semaphore from, Runnable letGo) {
        return new Asked.Taken(kind, () -> {
            from.release();
            letGo.run();
        });
    }

    private boolean holdOneMore(ClientId client, int most) {
        if (held.merge(client, 1, Integer::sum) <= most) {
            return true;
        }
        letGo(client);
        return false;
    }

    /** The count of one who has none is not kept: the map is never longer than requests are under way. */
    private void letGo(ClientId client) {
        held.merge(client, -1, Integer::sum);
        held.remove(client, 0);
    }

    /** Requests that have a place now. */
    public int underWay() {
        return settings.all()
                - common.availablePermits()
                - forCallers.availablePermits()
                - forIntrospection.availablePermits();
    }

    /** Clients whose places are counted now. */
    int clientsCounted() {
        return held.size();
    }
}
