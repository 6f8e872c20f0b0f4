package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.result.PolicyIssueDocument;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.PolicyIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
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
        // A file that is refused may declare the id of another one that is in use.
        var found = library.entries().stream()
                .filter(entry -> entry.id().equals(id))
                .min(Comparator.comparing(entry -> entry.identity().isEmpty()))
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
        document.put("kind", entry.kind().word());
        // What was refused has neither; the members are there all the same, so that every entry reads alike.
        document.put("version", entry.identity().map(PolicyIdentity::version).orElse(""));
        document.put("digest", entry.identity().map(PolicyIdentity::digestText).orElse(""));
        document.put("state", entry.state());
        document.put("file", entry.file());
        entry.loadedAt().ifPresent(at -> document.put("loaded_at", at.toString()));
        entry.active().ifPresent(policy -> {
            document.put("summary", policy.summary());
            document.put("workload", workload(policy, now));
            policy.shadowOf().ifPresent(other -> document.put("shadow_of", other));
        });
        document.put("issues", PolicyIssueDocument.of(library.issues(entry)));
        entry.refused().ifPresent(refusal -> document.put("refused", refused(refusal)));
        return document;
    }

    private static Map<String, Object> refused(PolicyLibrary.Refusal refusal) {
        var document = new LinkedHashMap<String, Object>();
        document.put("since", refusal.since().toString());
        document.put("file", refusal.file());
        document.put("issues", PolicyIssueDocument.of(refusal.issues()));
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
