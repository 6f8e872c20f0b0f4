package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.signing.KeyTimes;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.SigningRing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The signing keys and discovery, which relying parties fetch; the laboratory issuer has its own place. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class WellKnownResource {
    /** The overlap of rotations and the retirement of keys are computed from the same constant. */
    private static final int CACHED_SECONDS = (int) KeyTimes.CACHED.toSeconds();

    private final SigningRing ring;
    private final TokenTerms terms;

    WellKnownResource(SigningRing ring, TokenTerms terms) {
        this.ring = ring;
        this.terms = terms;
    }

    @GET
    @Path(".well-known/jwks.json")
    public Response keys() {
        return Answers.cacheable(
                Map.of("keys", ring.published().stream().map(RingKey::published).toList()), CACHED_SECONDS);
    }

    @GET
    @Path(".well-known/openid-configuration")
    public Response discovery() {
        return Answers.cacheable(document(), CACHED_SECONDS);
    }

    /** OpenID Connect Discovery 1.0, section 4: the document stands under the issuer's own path. */
    @GET
    @Path("insecure/.well-known/openid-configuration")
    public Response laboratoryDiscovery() {
        if (!terms.issuer().endsWith("/insecure")) {
            throw new CountersignException(Problems.ofStatus(Response.Status.NOT_FOUND.getStatusCode()));
        }
        return discovery();
    }

    /** The members that OpenID Connect Discovery 1.0, section 3, requires of an issuer without an authorization endpoint. */
    private Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("issuer", terms.issuer());
        document.put("jwks_uri", terms.baseUrl() + "/.well-known/jwks.json");
        // RFC 8414, section 2; callers show a bearer secret.
        document.put("introspection_endpoint", terms.baseUrl() + IntrospectionResource.PATH);
        document.put("introspection_endpoint_auth_methods_supported", List.of("Bearer"));
        document.put("response_types_supported", List.of("id_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put(
                "id_token_signing_alg_values_supported",
                ring.published().stream()
                        .map(key -> key.algorithm().name())
                        .distinct()
                        .sorted()
                        .toList());
        document.put("scopes_supported", List.of("openid"));
        document.put(
                "claims_supported",
                List.of(
                        "iss",
                        "sub",
                        "aud",
                        "iat",
                        "nbf",
                        "exp",
                        "jti",
                        "eat_profile",
                        "eat_nonce",
                        "ear_status",
                        "submods",
                        "cnf"));
        return document;
    }
}
