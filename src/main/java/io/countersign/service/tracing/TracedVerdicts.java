package io.countersign.service.tracing;

import io.countersign.service.appraisal.Bystander;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.List;

/** Writes into the request's span what was decided; of a batch, the verdict that came last stands there. */
public final class TracedVerdicts implements Bystander {
    private static final AttributeKey<String> POLICY = AttributeKey.stringKey("countersign.policy");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("countersign.status");
    private static final AttributeKey<List<String>> TEES = AttributeKey.stringArrayKey("countersign.tees");
    private static final AttributeKey<Long> DEVICES = AttributeKey.longKey("countersign.devices");

    @Override
    public void judged(Judged judged) {
        Span span = Span.current();
        if (!span.isRecording()) {
            return;
        }
        AttestationResult result = judged.result();
        // Whoever sends a draft names it as he likes.
        boolean draft = judged.request().policySource().isPresent();
        span.setAttribute(POLICY, draft ? "(draft)" : result.policy().id());
        span.setAttribute(STATUS, result.status().word());
        span.setAttribute(
                TEES,
                result.submodules().stream().map(Appraisal::type).distinct().toList());
        span.setAttribute(DEVICES, (long) result.submodules().size());
    }
}
