package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.result.ClaimsSchema;
import io.countersign.verifier.scheme.Schemes;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** JSON Schemas at {@code /v1/schemas} and the page of each problem at {@code /docs/problems}. */
@Path("/")
@RunOnVirtualThread
public class SchemaResource {
    private static final String SCHEMA = "application/schema+json";

    private final Schemes schemes;

    SchemaResource(Schemes schemes) {
        this.schemes = schemes;
    }

    @GET
    @Path("v1/schemas/{name:[a-z]+}.json")
    public Response schema(@PathParam("name") String name) {
        return switch (name) {
            case "request", "result", "policy", "values" -> Pages.of("/schemas/" + name + ".json", SCHEMA);
            case "claims" ->
                Response.ok(Json.write(ClaimsSchema.of(schemes)), SCHEMA).build();
            default ->
                throw new CountersignException(
                        ProblemCode.NOT_FOUND,
                        "There is no schema of that name.",
                        "The schemas are request, result, policy, values and claims.");
        };
    }

    @GET
    @Path("docs/problems/{code:[a-z-]+}.md")
    public Response problem(@PathParam("code") String code) {
        return Pages.of("/docs/problems/" + code + ".md", "text/markdown;charset=UTF-8");
    }
}
