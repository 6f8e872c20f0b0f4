package io.countersign.cli;

import io.countersign.cases.CaseSource;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.wiring.Tees;
import io.countersign.service.wiring.TrialCases;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a command judges with: the vendors' roots, and a laboratory's only where the command line names its file. */
record Court(
        TrustAnchors anchors, Signatures signatures, Schemes schemes, CaseSource shippedCases, PolicyParser parser) {
    private static final int REMEMBERED_FACTS = 50_000;

    static Court of(Optional<Path> laboratory) throws CommandException {
        TrustAnchors anchors = Tees.vendorAnchors();
        if (laboratory.isPresent()) {
            try {
                anchors = anchors.and(
                        TrustAnchors.parse(Files.readString(laboratory.get()), TrustAnchors.Origin.LABORATORY));
            } catch (IOException e) {
                throw FileTrouble.reading(laboratory.get(), e);
            } catch (IllegalArgumentException e) {
                throw new CommandException("the anchors in %s cannot be read: %s"
                        .formatted(laboratory.get(), String.valueOf(e.getMessage())));
            }
        }
        Signatures signatures = Signatures.by(SignatureProvider.fastest().provider());
        Schemes schemes = Tees.schemes(anchors, signatures, new RememberedFacts(REMEMBERED_FACTS));
        return new Court(anchors, signatures, schemes, TrialCases.shipped(), Tees.policyParser(schemes));
    }
}
