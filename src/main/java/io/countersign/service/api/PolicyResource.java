package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.result.PolicyIssueDocument;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GET /v1/policies}: what is loaded, and what was refused and why. */
@Path("/v1/policies")
@RunOnVirtualThread
public class PolicyResource {
    private final PolicyLibrary library;
    private final InstantSource clock;

    PolicyResource(PolicyLibrary library, InstantSource clock) {
        this.library = library;
        this.clock = clock;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list() {
        return Answers.fresh(
                Map.of("policies", library.entries().stream().map(this::summary).toList()));
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response one(@PathParam("id") String id) {
        var found = library.entries().stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CountersignException(
                        ProblemCode.POLICY_UNKNOWN,
                        "No policy of that id is loaded.",
                        "GET /v1/policies lists what is loaded."));
        Map<String, Object> document = summary(found);
        document.put("source", found.source());
        return Answers.fresh(document);
    }

    private Map<String, Object> summary(PolicyLibrary.Entry entry) {
        Instant now = clock.instant();
        var document = new LinkedHashMap<String, Object>();
        document.put("id", entry.id());
        // What was refused has neither; the members are there all the same, so that every entry reads alike.
        document.put(
                "version",
                entry.active().map(policy -> policy.identity().version()).orElse(""));
        document.put(
                "digest",
                entry.active().map(policy -> policy.identity().digestText()).orElse(""));
        document.put("state", entry.active().isPresent() ? "active" : "rejected");
        entry.active().ifPresent(policy -> {
            document.put("summary", policy.summary());
            document.put("workload", workload(policy, now));
        });
        document.put("issues", PolicyIssueDocument.of(entry.issues()));
        return document;
    }

    private static String workload(AppraisalPolicy policy, Instant now) {
        return switch (policy.workload(now)) {
            case Workload.Pinned _ -> "pinned";
            case Workload.AnyBecause _ -> "any";
            case Workload.NotPinned _ -> "not-pinned";
        };
    }
}
