package io.countersign.service.api;

import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.signing.JwsTokenSigner;
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
    private static final int CACHED_SECONDS = 300;

    private final JwsTokenSigner signer;
    private final TokenTerms terms;

    WellKnownResource(JwsTokenSigner signer, TokenTerms terms) {
        this.signer = signer;
        this.terms = terms;
    }

    @GET
    @Path(".well-known/jwks.json")
    public Response keys() {
        return Answers.cacheable(Map.of("keys", List.of(signer.publicJwk())), CACHED_SECONDS);
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
        return terms.issuer().endsWith("/insecure")
                ? discovery()
                : Problems.response(Problems.ofStatus(Response.Status.NOT_FOUND.getStatusCode()));
    }

    /** The members that OpenID Connect Discovery 1.0, section 3, requires of an issuer without an authorization endpoint. */
    private Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("issuer", terms.issuer());
        document.put("jwks_uri", terms.baseUrl() + "/.well-known/jwks.json");
        document.put("response_types_supported", List.of("id_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of(signer.algorithm()));
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
