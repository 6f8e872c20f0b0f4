package io.countersign.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.testkit.Fixtures;

/** Good requests to spoil. */
final class RequestBodies {
    static final String APPRAISALS = "/v1/appraisals";
    static final String ATTESTATIONS = "/v1/attestations";

    private RequestBodies() {}

    /** A request that every profile answers with 200. */
    static ObjectNode appraisal() {
        return Fixtures.named("sev-snp/milan-v3").request().deepCopy();
    }

    /** The same evidence, with nothing that asks for a binding. */
    static ObjectNode unbound() {
        ObjectNode body = appraisal();
        body.remove("nonce");
        body.remove("binding");
        return body;
    }

    static ObjectNode attestation() {
        ObjectNode body = appraisal();
        body.remove("at");
        body.remove("policy");
        return body.put("audience", Laboratory.KMS);
    }

    /** The object {@code cpu0} of a body. */
    static ObjectNode cpu(ObjectNode body) {
        return (ObjectNode) body.at("/evidence/cpu0");
    }

    /** A body that holds nothing but the evidence of another. */
    static ObjectNode evidenceOf(ObjectNode body) {
        return JsonNodeFactory.instance.objectNode().set("evidence", body.get("evidence"));
    }
}
