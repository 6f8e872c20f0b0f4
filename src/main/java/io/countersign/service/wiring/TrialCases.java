package io.countersign.service.wiring;

import io.countersign.cases.CaseSource;
import io.countersign.cases.Cases;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.trust.Signatures;
import java.nio.file.Path;

/** Where tests of policies find their cases, for the service and the command line. */
public final class TrialCases {
    private static final int REMEMBERED_FACTS = 2_000;

    private TrialCases() {}

    /** The cases that ship. They are judged by schemes of their own, which nothing else ever uses. */
    public static CaseSource shipped() {
        return Cases.shipped(laboratory -> Tees.schemes(
                Tees.vendorAnchors().and(laboratory),
                Signatures.by(SignatureProvider.fastest().provider()),
                new RememberedFacts(REMEMBERED_FACTS)));
    }

    /**
     * The cases beside a policy's file, and those that ship.
     *
     * @param schemes what judges the cases beside the file: the service's own
     * @param shipped from {@link #shipped}, made once
     */
    public static CaseSource besides(Path policyFile, Schemes schemes, CaseSource shipped) {
        return Cases.besides(policyFile, schemes, shipped);
    }
}
