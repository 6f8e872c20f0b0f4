package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import io.countersign.service.access.Issuer;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Walks every route that the running service has, as everybody that there is. What each answers stands here once more, apart
 * from the code that decides: a route that does not stand here fails the test, whoever registered it.
 */
@QuarkusTest
@TestProfile(Guarded.class)
class AccessWalkTest {
    /** What each route is for; the numbers are the statuses for who may. */
    private enum For {
        EVERYBODY,
        EVERYBODY_AS_STATUS,
        ATTEST,
        READ_POLICIES,
        OPERATE,
        KNOWN,
        NOBODY
    }

    private record Route(String method, String sample, For whom, int status) {}

    private static final Map<String, Route> ROUTES = Map.ofEntries(
            Map.entry("/v1/challenges", new Route("POST", "/v1/challenges", For.ATTEST, 200)),
            Map.entry("/v1/attestations", new Route("POST", "/v1/attestations", For.ATTEST, 400)),
            Map.entry("/v1/appraisals", new Route("POST", "/v1/appraisals", For.ATTEST, 400)),
            Map.entry("/v1/appraisals/batch", new Route("POST", "/v1/appraisals/batch", For.ATTEST, 400)),
            Map.entry("/v1/evidence/show", new Route("POST", "/v1/evidence/show", For.ATTEST, 400)),
            Map.entry("/v1/tokens/introspect", new Route("POST", "/v1/tokens/introspect", For.KNOWN, 400)),
            Map.entry("/v1/policies", new Route("GET", "/v1/policies", For.READ_POLICIES, 200)),
            Map.entry("/v1/policies/{id}", new Route("GET", "/v1/policies/baseline", For.READ_POLICIES, 200)),
            Map.entry("/v1/schemas/{name}.json", new Route("GET", "/v1/schemas/request.json", For.EVERYBODY, 200)),
            Map.entry("/docs/problems/{code}.md", new Route("GET", "/docs/problems/forbidden.md", For.EVERYBODY, 200)),
            Map.entry("/.well-known/jwks.json", new Route("GET", "/.well-known/jwks.json", For.EVERYBODY, 200)),
            Map.entry(
                    "/.well-known/openid-configuration",
                    new Route("GET", "/.well-known/openid-configuration", For.EVERYBODY, 200)),
            Map.entry(
                    "/insecure/.well-known/openid-configuration",
                    new Route("GET", "/insecure/.well-known/openid-configuration", For.EVERYBODY, 200)),
            Map.entry("/q/health", new Route("GET", "/q/health", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/live", new Route("GET", "/q/health/live", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/ready", new Route("GET", "/q/health/ready", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/started", new Route("GET", "/q/health/started", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/well", new Route("GET", "/q/health/well", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/group", new Route("GET", "/q/health/group", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/health/group/", new Route("GET", "/q/health/group/x", For.EVERYBODY_AS_STATUS, 200)),
            Map.entry("/q/metrics", new Route("GET", "/q/metrics", For.OPERATE, 200)),
            // Below it the framework would answer too, if anybody got there.
            Map.entry("/q/metrics/", new Route("GET", "/q/metrics/x", For.NOBODY, 404)),
            Map.entry("/q/openapi.json", new Route("GET", "/q/openapi.json", For.EVERYBODY, 200)),
            Map.entry("/q/openapi.yaml", new Route("GET", "/q/openapi.yaml", For.EVERYBODY, 200)),
            Map.entry("/q/openapi.yml", new Route("GET", "/q/openapi.yml", For.EVERYBODY, 200)),
            Map.entry("/q/openapi", new Route("GET", "/q/openapi", For.EVERYBODY, 200)));

    /** Where all resources hang together, and pages for developers, which tests have and the packaged service has not. */
    private static final Set<String> NOT_WALKED = Set.of("/", "/q/health-ui", "/q/swagger-ui");

    @Inject
    SeenRouter router;

    @Inject
    @ConfigProperty(name = "countersign.access.oidc.jwks-file")
    String jwksFile;

    @Test
    void everyRouteThatIsRegisteredIsClassified() {
        var registered = new TreeSet<>(router.paths());
        registered.addAll(resources());
        registered.removeAll(NOT_WALKED);
        assertEquals(new TreeSet<>(ROUTES.keySet()), registered);
    }

    /** The paths of every resource of the running service. */
    private static Set<String> resources() {
        var paths = new TreeSet<String>();
        Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(bean -> (Class<?>) bean.getBeanClass())
                .filter(type -> type.isAnnotationPresent(Path.class))
                .forEach(type -> {
                    for (Method method : type.getMethods()) {
                        if (Stream.of(method.getAnnotations())
                                .anyMatch(each -> each.annotationType().isAnnotationPresent(HttpMethod.class))) {
                            String below = Optional.ofNullable(method.getAnnotation(Path.class))
                                    .map(Path::value)
                                    .orElse("");
                            String whole = "/" + type.getAnnotation(Path.class).value() + "/" + below;
                            paths.add(whole.replaceAll("/+", "/")
                                    .replaceAll("(?<=.)/$", "")
                                    .replaceAll("\\{(\\w+):[^}]*}", "{$1}"));
                        }
                    }
                });
        return paths;
    }

    /** Everybody that there is, by what he sends. */
    private Map<String, Optional<String>> everybody() {
        var all = new LinkedHashMap<String, Optional<String>>();
        all.put("nobody", Optional.empty());
        for (String caller : List.of("attester", "reader", "operator", "auditor", "roleless")) {
            all.put(caller, Optional.of("Bearer " + Guarded.secret(caller)));
        }
        all.put("by-token", Optional.of("Bearer " + token(Issuer.AUDIENCE)));
        all.put("wrong secret", Optional.of("Bearer " + Guarded.secret("stranger")));
        all.put("wrong token", Optional.of("Bearer " + token("https://else.example")));
        all.put("wrong scheme", Optional.of("Basic eDp5"));
        return all;
    }

    private String token(String audience) {
        try {
            JWK key = JWK.parse(Files.readString(Guarded.folder(jwksFile).resolve("issuer.jwk")));
            return Issuer.sign(
                    JWSAlgorithm.ES256,
                    key,
                    Issuer.claims(Instant.now()).audience(audience).build());
        } catch (IOException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int expected(Route route, String who) {
        boolean wrong = who.startsWith("wrong");
        boolean contract = route.sample().startsWith("/v1/");
        return switch (route.whom()) {
            case EVERYBODY -> wrong && contract ? 401 : route.status();
            case EVERYBODY_AS_STATUS -> route.status();
            case NOBODY -> wrong || who.equals("nobody") ? 401 : route.status();
            case KNOWN -> wrong || who.equals("nobody") ? 401 : route.status();
            case ATTEST -> byRole(route, who, Set.of("attester", "auditor"));
            case READ_POLICIES -> byRole(route, who, Set.of("reader", "auditor", "by-token"));
            case OPERATE -> byRole(route, who, Set.of("operator"));
        };
    }

    private static int byRole(Route route, String who, Set<String> those) {
        return those.contains(who) ? route.status() : who.equals("nobody") || who.startsWith("wrong") ? 401 : 403;
    }

    private static RequestSpecification request(Route route, Optional<String> authorization) {
        RequestSpecification request = Http.request();
        authorization.ifPresent(value -> request.header("Authorization", value));
        if (route.method().equals("POST")) {
            request.contentType(
                            route.sample().endsWith("introspect")
                                    ? "application/x-www-form-urlencoded"
                                    : "application/json")
                    .body(route.sample().endsWith("introspect") ? "a=b" : "{}");
        }
        return request;
    }

    @Test
    void everyRouteAnswersThoseAloneWhomItIsFor() {
        var checks = new ArrayList<Executable>();
        everybody().forEach((who, authorization) -> ROUTES.values()
                .forEach(route -> checks.add(() -> {
                    Answer answer = Http.read(request(route, authorization).request(route.method(), route.sample()));
                    assertEquals(
                            expected(route, who), answer.status(), () -> who + " at " + route + ": " + answer.text());
                })));
        assertTrue(checks.size() > 150, "the walk is too short to mean anything");
        assertAll(checks);
    }

    @Test
    void noMethodIsAWayAroundIt() {
        var checks = new ArrayList<Executable>();
        for (Route route : ROUTES.values()) {
            if (route.whom() == For.EVERYBODY || route.whom() == For.EVERYBODY_AS_STATUS) {
                continue;
            }
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FIND")) {
                checks.add(() -> assertEquals(
                        401, Http.request().request(method, route.sample()).statusCode(), method + " " + route));
            }
        }
        assertAll(checks);
    }

    @Test
    void noSpellingIsAWayAroundIt() {
        var checks = new ArrayList<Executable>();
        for (String path : List.of(
                "/v1/policies/",
                "/v1//policies",
                "//v1/policies",
                "/v1/./policies",
                "/v1/schemas/../policies",
                "/v1/schemas/..%2fpolicies",
                "/v1/polic%69es",
                "/v1/policies;a=b",
                "/v1/policies;/baseline",
                "/docs/problems/..;/../v1/policies",
                "/q/../v1/policies",
                "/q/health/../metrics",
                "/q/health/live/../../metrics",
                "/q/metrics/",
                "/q/metrics;x",
                "/q//metrics",
                "/q/metrics/x",
                "/q/dev",
                "/q/health-ui",
                "/",
                "/q/info",
                "/v1/nothing",
                "/nothing")) {
            checks.add(() -> {
                Answer answer = Http.read(Http.request().get(path));
                assertEquals(401, answer.status(), () -> path + ": " + answer.text());
            });
            checks.add(() -> {
                int status = Http.request()
                        .header("Authorization", "Bearer " + Guarded.secret("attester"))
                        .get(path)
                        .statusCode();
                assertTrue(status == 403 || status == 404, path + ": " + status);
            });
        }
        assertAll(checks);
    }

    @Test
    void whatHealthKnowsIsForOperators() {
        for (String path : List.of("/q/health", "/q/health/ready")) {
            for (String who : List.of("nobody", "attester", "wrong secret")) {
                JsonNode health = Http.read(as(who).get(path)).ok().json();
                assertEquals("UP", health.path("status").asText());
                assertEquals(0, health.path("checks").size(), health::toString);
            }
            JsonNode all = Http.read(as("operator").get(path)).ok().json();
            assertTrue(all.toString().contains("signing key"), all::toString);
        }
    }

    private RequestSpecification as(String who) {
        RequestSpecification request = Http.request();
        authorization(who).ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private Optional<String> authorization(String who) {
        return everybody().getOrDefault(who, Optional.empty());
    }

    @Test
    void whatRulesCompareWithShowsToReadersOfPoliciesAlone() {
        var body = Machine.challengedWith(AskedBy.random(32)).report(report -> report.policyDebug(true));
        var asAttester = appraised("attester", body.appraisal("pinned"));
        assertFalse(asAttester.isEmpty());
        assertTrue(asAttester.stream().allMatch(text -> text.startsWith("withheld: ")), asAttester::toString);
        var asAuditor = appraised("auditor", body.appraisal("pinned"));
        assertEquals(asAttester.size(), asAuditor.size());
        assertTrue(asAuditor.stream().noneMatch(text -> text.startsWith("withheld: ")), asAuditor::toString);
    }

    private List<String> appraised(String who, JsonNode body) {
        Answer answer = Http.post(
                        "/v1/appraisals",
                        body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Map.of("Authorization", authorization(who).orElseThrow()))
                .ok();
        var expected = new ArrayList<String>();
        answer.json().get("rules").forEach(rule -> {
            if (rule.has("expected")) {
                expected.add(rule.get("expected").asText());
            }
        });
        return expected;
    }

    @Test
    void everyRefusalIsCounted() {
        Http.get("/v1/policies").problem(401, "unauthenticated");
        String metrics = Http.request()
                .header("Authorization", "Bearer " + Guarded.secret("operator"))
                .get("/q/metrics")
                .asString();
        for (String reason : List.of("no-credentials", "role-missing", "token-audience", "certificate-unknown")) {
            assertTrue(metrics.contains("countersign_access_refused_total{reason=\"" + reason + "\"}"), reason);
        }
        assertFalse(metrics.contains("countersign_access_refused_total{reason=\"no-credentials\"} 0.0"));
    }

    @Test
    void noPathThatAStrangerMakesUpIsASeries() {
        Http.get("/v1/made-up-by-a-stranger").problem(401, "unauthenticated");
        Http.get("/v1/policies/made-up-by-a-stranger").problem(401, "unauthenticated");
        String metrics = as("operator").get("/q/metrics").asString();
        assertTrue(metrics.contains("uri=\"(others)\""), metrics);
        assertFalse(metrics.contains("made-up-by-a-stranger"), metrics);
    }
}
