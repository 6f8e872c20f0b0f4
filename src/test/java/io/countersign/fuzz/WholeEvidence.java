package io.countersign.fuzz;

import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.snp.SnpEvidence;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Report, certificates and revocation list of genuine fixtures, each damaged, through everything that authenticates. */
final class WholeEvidence {
    static final List<Fixtures.Case> GENUINE = Stream.of(
                    "milan-v2", "milan-v3", "milan-v5", "milan-vlek", "genoa-v3", "turin-v5", "certificate-table")
            .map(name -> Fixtures.named("sev-snp/" + name))
            .toList();

    /** What may be in hand when evidence is genuine: anything else is damage that nobody noticed. */
    private static final Set<Bytes> REPORTS = new HashSet<>();

    private static final Set<Bytes> CERTIFICATES = new HashSet<>();
    private static final Set<Bytes> LISTS = new HashSet<>();

    static {
        for (Fixtures.Case each : GENUINE) {
            REPORTS.add(part(each, "report"));
            parsed(part(each, "report"), part(each, "certificates"))
                    .orElseThrow()
                    .certificates()
                    .candidates()
                    .forEach(candidate ->
                            CERTIFICATES.add(candidate.certificate().der()));
            LISTS.add(crl(each));
        }
    }

    private WholeEvidence() {}

    static Bytes part(Fixtures.Case each, String name) {
        return Objects.requireNonNull(each.cpuMembers().get(name));
    }

    static Bytes crl(Fixtures.Case each) {
        return Objects.requireNonNull(each.slots().get("amd.crl")).getFirst();
    }

    /** Authenticates three parts as the case was; empty when they do not parse. */
    static Optional<Authenticity> judge(Fixtures.Case origin, Bytes report, Bytes certificates, Bytes crl) {
        Optional<SnpEvidence> evidence = parsed(report, certificates);
        if (evidence.isEmpty()) {
            return Optional.empty();
        }
        var slots = new HashMap<>(origin.slots());
        slots.put("amd.crl", List.of(crl));
        var endorsements = Endorsements.brought(slots);
        Core.SNP.wanted(evidence.get(), endorsements, origin.at());
        Authentication authentication = Core.SNP.authenticate(
                evidence.get(),
                new AuthenticationContext(
                        origin.at(),
                        endorsements,
                        Tolerances.strict("fuzz"),
                        BindingMethod.COUNTERSIGN_V1,
                        new Binding(BindingMethod.COUNTERSIGN_V1, origin.nonce(), Bytes.empty())
                                .expectedReportData(List.of())));
        if (authentication.authenticity() == Authenticity.GENUINE) {
            refuseDamage(evidence.get(), report, crl);
        }
        return Optional.of(authentication.authenticity());
    }

    private static Optional<SnpEvidence> parsed(Bytes report, Bytes certificates) {
        try {
            return Optional.of(Core.SNP.parse(new RawEvidence(Map.of("report", report, "certificates", certificates))));
        } catch (EvidenceException _) {
            return Optional.empty();
        }
    }

    /** White space in PEM, or an entry of a certificate table that nobody reads, may differ; what was verified may not. */
    private static void refuseDamage(SnpEvidence evidence, Bytes report, Bytes crl) {
        boolean undamaged = REPORTS.contains(report)
                && LISTS.contains(crl)
                && evidence.certificates().candidates().stream()
                        .anyMatch(candidate ->
                                CERTIFICATES.contains(candidate.certificate().der()));
        if (!undamaged) {
            throw new AssertionError("damaged evidence is genuine: report %s, list %s".formatted(report, crl));
        }
    }
}
