package io.countersign.service.api;

import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RawDevice;
import io.countersign.service.api.request.RequestObject;
import io.countersign.service.appraisal.Parsing;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.Submodule;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code POST /v1/evidence/show}: every field with its name, nothing judged. */
@Path("/v1/evidence/show")
public class EvidenceResource {
    private final JsonText json;
    private final EvidenceReader reader;
    private final Admission admission;
    private final Verbs verbs;

    EvidenceResource(JsonText json, EvidenceReader reader, Admission admission, Verbs verbs) {
        this.verbs = verbs;
        this.json = json;
        this.reader = reader;
        this.admission = admission;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> show(@Context RoutingContext context) {
        byte[] body = Body.of(context);
        return admission.evidence(context, meter -> {
            List<RawDevice> devices;
            try (var _ = verbs.begin(Verb.RECEIVE)) {
                RequestObject request = json.object(body);
                request.onlyMembers(List.of("evidence"));
                devices = reader.read(request);
            }
            meter.count(devices.size());
            CompositeEvidence evidence;
            try (var _ = verbs.begin(Verb.PARSE)) {
                evidence = Parsing.parse(devices);
            }
            var submodules = new LinkedHashMap<String, Object>();
            for (Submodule submodule : evidence.submodules()) {
                submodules.put(
                        submodule.label(),
                        Map.of(
                                "type",
                                submodule.scheme().id(),
                                "fields",
                                submodule.show().stream()
                                        .map(EvidenceResource::field)
                                        .toList()));
            }
            var document = new LinkedHashMap<String, Object>();
            document.put("authenticated", false);
            document.put("submods", submodules);
            return Answers.fresh(document);
        });
    }

    private static Map<String, Object> field(Field field) {
        var document = new LinkedHashMap<String, Object>();
        document.put("structure", field.structure());
        document.put("name", field.name());
        document.put("offset", field.offset());
        document.put("length", field.length());
        document.put("value", field.value());
        return document;
    }
}
