package io.countersign.verifier.result;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.SpecRef;

/** Checks over all devices of one request. They make tiers, never a rejection of one device. */
public enum CompositeCheck implements CheckId {
    DEVICES_DISTINCT("composite.devices-distinct", "No device stands in the request twice."),
    NONCES_AGREE("composite.nonces-agree", "Every device answered the nonce that the binding asks for."),
    BINDING("composite.binding", "The CPU report commits to the nonce, the key and exactly these devices' answers."),
    TOPOLOGY("composite.topology", "The GPUs and switches name each other, and nothing is missing.");

    private static final SpecRef SPEC = new SpecRef("Countersign design", "section 6, binding");
    private final String code;
    private final String summary;

    CompositeCheck(String code, String summary) {
        this.code = code;
        this.summary = summary;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public SpecRef spec() {
        return SPEC;
    }

    @Override
    public Kind kind() {
        return Kind.APPRAISAL;
    }
}
