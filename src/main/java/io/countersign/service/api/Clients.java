package io.countersign.service.api;

import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.limits.Asker;
import io.countersign.service.limits.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Who asks, for the limits and for the budgets of what is fetched on their behalf. */
final class Clients {
    private static final String ORIGIN = Clients.class.getName();

    private record Origin(ClientId client, Optional<String> address) {}

    private Clients() {}

    /** Finds out where the request comes from, before any resource asks. */
    static void learn(RoutingContext context, TrustedProxies proxies) {
        HttpServerRequest request = context.request();
        Optional<InetAddress> origin = peer(request)
                .map(peer -> proxies.origin(
                        peer, request.headers().getAll(proxies.header().header())));
        context.put(
                ORIGIN,
                new Origin(
                        origin.map(ClientId::ofAddress).orElseGet(() -> new ClientId("local")),
                        origin.map(InetAddress::getHostAddress)));
    }

    /** Where the request comes from, in digits. */
    static Optional<String> address(RoutingContext context) {
        return origin(context).address();
    }

    static ClientId of(RoutingContext context) {
        return asker(context).client();
    }

    static Asker asker(RoutingContext context) {
        return switch (Authentication.callerOf(context)) {
            case Caller.Known known -> new Asker(ClientId.ofPrincipal(known.name()), Asker.Standing.REGISTERED);
            case Caller.Anonymous _ -> new Asker(origin(context).client(), Asker.Standing.STRANGER);
        };
    }

    private static Origin origin(RoutingContext context) {
        Object origin = context.get(ORIGIN);
        if (origin instanceof Origin known) {
            return known;
        }
        throw new IllegalStateException("nobody looked where this request comes from");
    }

    /**
     * Who made the connection. Not what the framework takes for the remote address where it is told to believe proxies: that
     * is the first entry of the header, which is whatever the client itself has written there.
     */
    private static Optional<InetAddress> peer(HttpServerRequest request) {
        var address = request.connection().remoteAddress();
        if (address == null || address.hostAddress() == null) {
            return Optional.empty();
        }
        try {
            // Numeric, so nothing is looked up.
            return Optional.of(InetAddress.getByName(address.hostAddress()));
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }
}
