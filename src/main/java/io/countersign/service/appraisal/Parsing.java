package io.countersign.service.appraisal;

import io.countersign.service.api.request.RawDevice;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Submodule;
import java.util.ArrayList;
import java.util.List;

/** From decoded members to well-formed evidence. */
public final class Parsing {
    private Parsing() {}

    public static CompositeEvidence parse(List<RawDevice> devices) throws RefusedEvidenceException {
        var submodules = new ArrayList<Submodule>();
        for (RawDevice device : devices) {
            submodules.add(Submodule.parse(device.label(), device.scheme(), device.evidence()));
        }
        return new CompositeEvidence(submodules);
    }
}
