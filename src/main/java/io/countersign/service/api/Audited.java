package io.countersign.service.api;

import io.countersign.service.audit.Asked;
import io.countersign.service.audit.Decisions;
import io.countersign.service.audit.Kind;
import io.countersign.service.caller.Caller;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decisions about requests over HTTP, each on record before its answer leaves. */
public final class Audited {
    private static final String REQUEST_ID = "X-Request-Id";

    /** What proxies send; anything else in that header is as good as nothing. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{8,64}");

    /** W3C Trace Context, section 3.2: version, trace id, parent id, flags. */
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private final Decisions decisions;
    private final Addresses addresses;

    /** Whether lines tell where requests come from. */
    public enum Addresses {
        KEPT,
        LEFT_OUT
    }

    public Audited(Decisions decisions, Addresses addresses) {
        this.decisions = decisions;
        this.addresses = addresses;
    }

    /** Who asks. The answer carries the id, so that who complains can say which line it is. */
    Asked asked(RoutingContext context) {
        if (decisions == Decisions.UNWRITTEN) {
            return new Asked("", Optional.empty(), Optional.empty());
        }
        HttpServerRequest request = context.request();
        String id = id(request);
        context.response().putHeader(REQUEST_ID, id);
        Optional<String> caller =
                switch (Authentication.callerOf(context)) {
                    case Caller.Known known -> Optional.of(known.name());
                    case Caller.Anonymous _ -> Optional.empty();
                };
        return new Asked(id, caller, address(context));
    }

    private Optional<String> address(RoutingContext context) {
        return switch (addresses) {
            case KEPT -> Clients.address(context);
            case LEFT_OUT -> Optional.empty();
        };
    }

    private static String id(HttpServerRequest request) {
        String sent = request.getHeader(REQUEST_ID);
        if (sent != null && ID.matcher(sent).matches()) {
            return sent;
        }
        String trace = request.getHeader("traceparent");
        if (trace != null) {
            Matcher parts = TRACE.matcher(trace);
            if (parts.matches()) {
                return parts.group(1);
            }
        }
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** Does the work, and writes down what came of it. */
    <T> T decide(Kind kind, Asked asked, Decisions.Work<T> work) throws Exception {
        return decisions.decide(kind, asked, Problems::codeOf, work);
    }
}
