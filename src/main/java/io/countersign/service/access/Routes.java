package io.countersign.service.access;

import io.countersign.service.caller.Role;
import java.util.List;
import java.util.regex.Pattern;

/** What each route needs. A path that does not stand here is answered to nobody while roles are in force. */
public final class Routes {
    /** Under it a caller that says who he is, and is not known, gets no answer, whatever the route needs. */
    private static final String CONTRACT = "/v1/";

    /**
     * Some paths and what they need.
     *
     * @param name as documentation writes it
     */
    public record Route(String name, Pattern path, Need need) {
        static Route of(String name, String pattern, Need need) {
            return new Route(name, Pattern.compile(pattern), need);
        }

        static Route exactly(String path, Need need) {
            return new Route(path, Pattern.compile(Pattern.quote(path)), need);
        }
    }

    private static final Need NOTHING = new Need.Nothing();
    private static final Need ATTEST = new Need.OfRole(Role.ATTEST);
    private static final Need READ_POLICIES = new Need.OfRole(Role.READ_POLICIES);

    private static final List<Route> TABLE = List.of(
            Route.exactly("/v1/challenges", ATTEST),
            Route.exactly("/v1/attestations", ATTEST),
            Route.exactly("/v1/appraisals", ATTEST),
            Route.exactly("/v1/appraisals/batch", ATTEST),
            Route.exactly("/v1/evidence/show", ATTEST),
            Route.exactly("/v1/tokens/introspect", new Need.KnownCaller()),
            Route.exactly("/v1/policies", READ_POLICIES),
            Route.of("/v1/policies/{id}", "/v1/policies/[^/]+", READ_POLICIES),
            Route.of("/v1/schemas/{name}.json", "/v1/schemas/[a-z]+\\.json", NOTHING),
            Route.of("/docs/problems/{page}", "/docs/problems/[a-z-]+\\.md", NOTHING),
            Route.exactly("/.well-known/jwks.json", NOTHING),
            Route.exactly("/.well-known/openid-configuration", NOTHING),
            Route.exactly("/insecure/.well-known/openid-configuration", NOTHING),
            Route.of("/q/health", "/q/health(/(live|ready|started|well|group(/[^/]+)?))?", new Need.Status()),
            Route.exactly("/q/metrics", new Need.OfRole(Role.OPERATE)),
            Route.of("/q/openapi", "/q/openapi(\\.(json|yaml|yml))?", NOTHING),
            // Pages for reading the document above; the packaged service has none.
            Route.of("/q/swagger-ui", "/q/swagger-ui(/[^/]*)?", NOTHING));

    private Routes() {}

    public static List<Route> table() {
        return TABLE;
    }

    /**
     * What a request needs.
     *
     * @param path the path with its dots and escapes resolved
     * @param asSent the path as it was sent: another spelling of a path is no path that stands here, so that whoever reads it
     *     next cannot take it for another one
     */
    static Need need(String path, String asSent) {
        if (!path.equals(asSent)) {
            return new Need.Unclassified();
        }
        return TABLE.stream()
                .filter(route -> route.path().matcher(path).matches())
                .map(Route::need)
                .findFirst()
                .orElseGet(Need.Unclassified::new);
    }

    /** Whether credentials are looked at though the route needs none. */
    static Looked looked(String path) {
        return path.startsWith(CONTRACT) ? Looked.ALWAYS : Looked.WHEN_NEEDED;
    }

    /** Keys, pages and health are read by software that may carry credentials for the gateway in front. */
    enum Looked {
        ALWAYS,
        WHEN_NEEDED
    }
}
