package io.countersign.cases;

import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.trust.TrustAnchors;
import java.nio.file.Path;

/** Where cases are found: among those that ship, and beside a policy's file. */
public final class Cases {
    /** What names of cases that ship begin with. */
    static final String FIXTURE = "fixture:";

    private Cases() {}

    /** Makes the schemes that judge the cases that ship, trusting a laboratory's roots beside the vendors'. */
    @FunctionalInterface
    public interface LaboratorySchemes {
        Schemes trusting(TrustAnchors laboratory);
    }

    /** The cases that ship, by {@code fixture:<folder>/<name>}. The laboratory's roots are handed out here and nowhere else. */
    public static CaseSource shipped(LaboratorySchemes schemes) {
        return new ShippedCases(schemes);
    }

    /**
     * The cases below the folder of a policy's file, and those that ship.
     *
     * @param policyFile relative names begin at its folder
     * @param schemes what judges the cases of that folder
     * @param shipped what is asked about names that begin with {@code fixture:}
     */
    public static CaseSource besides(Path policyFile, Schemes schemes, CaseSource shipped) {
        return new CasesBeside(policyFile, new CaseReader(schemes), shipped);
    }
}
