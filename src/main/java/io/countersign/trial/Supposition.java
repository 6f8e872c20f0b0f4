package io.countersign.trial;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.SgxScheme;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Intel's CPUs as they would be authenticated with the coming statements in the place of those that were in hand. */
final class Supposition {
    private static final String PCK_CRL = "intel.pck_crl";
    private static final String ROOT_CRL = "intel.root_ca_crl";

    /** What a platform brings will be of the coming edition too, once that counts. */
    private static final List<String> REPLACED = List.of(
            "intel.tcb_info",
            "intel.tcb_info_issuer_chain",
            "intel.qe_identity",
            "intel.qe_identity_issuer_chain",
            PCK_CRL,
            PCK_CRL + "_issuer_chain",
            ROOT_CRL);

    private static final Set<String> INTEL = Set.of(TdxScheme.ID, SgxScheme.ID);

    /** Lists count as they were: the service fetches new ones before they end, and when they do is not the question. */
    private static final Duration LISTS_COUNT_FOR = Duration.ofDays(10 * 365);

    private final Sighting seen;
    private final Endorsements inHand;
    private final Instant at;

    Supposition(Sighting seen, Coming coming, Instant at) {
        this.seen = seen;
        this.inHand = replaced(seen.inHand(), coming);
        this.at = at;
    }

    private static Endorsements replaced(Endorsements inHand, Coming coming) {
        var brought = new HashMap<>(inHand.brought());
        var gathered = new LinkedHashMap<EndorsementRef, Availability>();
        inHand.gathered().forEach((ref, availability) -> {
            boolean goes = ref instanceof IntelEndorsementRef.TcbInfo
                    || ref instanceof IntelEndorsementRef.QeIdentity
                    || ref instanceof IntelEndorsementRef.SeenEvaluationNumber;
            if (!goes) {
                gathered.put(ref, availability);
            }
        });
        // A list that a request brought has no grace; as the service's own it has what is said above.
        for (Bytes list : brought.getOrDefault(PCK_CRL, List.of())) {
            for (PckCa ca : PckCa.values()) {
                gathered.put(new IntelEndorsementRef.PckCrl(ca), new Availability.InHand(list));
            }
        }
        for (Bytes list : brought.getOrDefault(ROOT_CRL, List.of())) {
            gathered.put(new IntelEndorsementRef.RootCaCrl(), new Availability.InHand(list));
        }
        REPLACED.forEach(brought::remove);
        coming.statements()
                .forEach((ref, statement) -> gathered.put(ref, new Availability.InHand(statement.content())));
        return Endorsements.brought(brought).with(gathered);
    }

    /** By label; other devices than Intel's CPUs are left out. */
    Map<String, Authentication> authenticated(AppraisalPolicy policy) {
        var byLabel = new LinkedHashMap<String, Authentication>();
        for (Submodule submodule : seen.evidence().submodules()) {
            String type = submodule.scheme().id();
            if (INTEL.contains(type)) {
                byLabel.put(
                        submodule.label(),
                        submodule.authenticate(new AuthenticationContext(
                                at,
                                inHand,
                                lenient(policy.tolerances().forType(type)),
                                seen.binding().method(),
                                seen.evidence().expectedBytes(submodule, seen.binding()))));
            }
        }
        return byLabel;
    }

    private static Tolerances lenient(Tolerances tolerances) {
        return new Tolerances(
                tolerances.policy(),
                LISTS_COUNT_FOR,
                tolerances.waivers(),
                tolerances.tcbStatuses(),
                tolerances.ocspMaxAge(),
                tolerances.certificateHold());
    }
}
