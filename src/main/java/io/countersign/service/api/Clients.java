package io.countersign.service.api;

import io.countersign.service.collateral.ClientId;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who asks, for the budgets of what is fetched on their behalf. */
final class Clients {
    private Clients() {}

    static ClientId of(HttpServerRequest request) {
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
