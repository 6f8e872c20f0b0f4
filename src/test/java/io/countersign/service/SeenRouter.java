package io.countersign.service;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.impl.RouteImpl;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The router of the running service, with every route that was registered with it, whoever did. */
@Singleton
public class SeenRouter {
    private @Nullable Router router;

    void see(@Observes Router made) {
        router = made;
    }

    /** Paths and patterns, those of routers below it included; what has none is a filter for all of them. */
    Set<String> paths() {
        var paths = new TreeSet<String>();
        collect("", Objects.requireNonNull(router, "the router was not seen"), paths);
        return paths;
    }

    private static void collect(String prefix, Router from, Set<String> paths) {
        for (Route route : from.getRoutes()) {
            String path = route.getPath();
            if (path == null) {
                continue;
            }
            String whole = (prefix + "/" + path).replaceAll("/+", "/");
            Router below = ((RouteImpl) route).getSubRouter();
            if (below == null) {
                paths.add(whole);
            } else {
                collect(whole, below, paths);
            }
        }
    }
}
