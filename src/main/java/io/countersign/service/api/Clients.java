package io.countersign.service.api;

import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who asks, for the budgets of what is fetched on their behalf. */
final class Clients {
    private Clients() {}

    static ClientId of(RoutingContext context) {
        return switch (Authentication.callerOf(context)) {
            case Caller.Known known -> ClientId.ofPrincipal(known.name());
            case Caller.Anonymous _ -> ofAddress(context.request());
        };
    }

    private static ClientId ofAddress(HttpServerRequest request) {
        var address = request.remoteAddress();
        if (address == null || address.hostAddress() == null) {
            return new ClientId("local");
        }
        try {
            // Numeric, so nothing is looked up.
            return ClientId.ofAddress(InetAddress.getByName(address.hostAddress()));
        } catch (UnknownHostException _) {
            return new ClientId("unknown");
        }
    }
}
