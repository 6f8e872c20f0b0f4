package io.countersign.fuzz;

import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.tdx.QuoteEvidence;
import io.countersign.verifier.tee.tdx.collateral.MalformedCollateralException;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Tolerances;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Quotes and everything that vouches for them, each part damaged, through everything that authenticates. */
final class WholeQuote {
    /** The parts of a request about a quote: the quote itself, and slots of endorsements. */
    static final List<String> PARTS = List.of(
            "quote",
            "intel.tcb_info",
            "intel.tcb_info_issuer_chain",
            "intel.qe_identity",
            "intel.qe_identity_issuer_chain",
            "intel.pck_crl",
            "intel.root_ca_crl");

    static final List<Fixtures.Case> GENUINE = Stream.of(
                    "intel-tdx/v4", "intel-tdx/v5-td-1.5", "intel-tdx/v5-td-1.0", "intel-sgx/v3")
            .map(Fixtures::named)
            .toList();

    /** What Intel signed, of all cases: anything else in genuine evidence is damage that nobody noticed. */
    private static final Set<Bytes> SIGNED = new HashSet<>();

    static {
        for (Fixtures.Case each : GENUINE) {
            for (String name : PARTS) {
                SIGNED.addAll(signed(name, part(each, name)));
            }
        }
    }

    private WholeQuote() {}

    static Bytes part(Fixtures.Case each, String name) {
        return name.equals("quote")
                ? Objects.requireNonNull(each.cpuMembers().get(name))
                : Objects.requireNonNull(each.slots().get(name)).getFirst();
    }

    /** Authenticates as the case was, with other parts; empty when the quote does not parse. */
    static Optional<Authenticity> judge(Fixtures.Case origin, Map<String, Bytes> damaged) {
        var slots = new HashMap<>(origin.slots());
        Bytes quote = part(origin, "quote");
        for (var each : damaged.entrySet()) {
            if (each.getKey().equals("quote")) {
                quote = each.getValue();
            } else {
                slots.put(each.getKey(), List.of(each.getValue()));
            }
        }
        AttestationScheme<QuoteEvidence> scheme = origin.cpuType().equals("tdx") ? Core.TDX : Core.SGX;
        QuoteEvidence evidence;
        try {
            evidence = scheme.parse(new RawEvidence(Map.of("quote", quote)));
        } catch (EvidenceException _) {
            return Optional.empty();
        }
        var endorsements = Endorsements.brought(slots);
        scheme.wanted(evidence, endorsements, origin.at());
        Authentication found = scheme.authenticate(
                evidence,
                new AuthenticationContext(
                        origin.at(),
                        endorsements,
                        Tolerances.strict("fuzz"),
                        BindingMethod.COUNTERSIGN_V1,
                        new Binding(BindingMethod.COUNTERSIGN_V1, origin.nonce(), Bytes.empty())
                                .expectedReportData(List.of())));
        if (found.authenticity() == Authenticity.GENUINE) {
            damaged.forEach(WholeQuote::refuseDamage);
        }
        return Optional.of(found.authenticity());
    }

    private static void refuseDamage(String name, Bytes content) {
        if (!SIGNED.containsAll(signed(name, content))) {
            throw new AssertionError("damaged evidence is genuine: %s is %s".formatted(name, content));
        }
    }

    /**
     * What signatures cover in a part. White space around certificates may differ, and so may the root beside them, of which only
     * name and key count.
     */
    private static List<Bytes> signed(String name, Bytes content) {
        try {
            return switch (name) {
                case "quote" -> {
                    var quote = Quote.parse(content);
                    var section = quote.signature();
                    yield Stream.concat(
                                    Stream.of(
                                            quote.signedBytes(),
                                            section.attestationKey(),
                                            section.qeReportBytes(),
                                            section.authenticationData()),
                                    vouching(section.pckChain()))
                            .toList();
                }
                case "intel.tcb_info" ->
                    List.of(SignedCollateral.read(content, SignedCollateral.Kind.TCB_INFO)
                            .body());
                case "intel.qe_identity" ->
                    List.of(SignedCollateral.read(content, SignedCollateral.Kind.QE_IDENTITY)
                            .body());
                case "intel.pck_crl", "intel.root_ca_crl" -> List.of(content);
                default -> vouching(content).toList();
            };
        } catch (EvidenceException | MalformedCollateralException | MalformedDerException e) {
            throw new AssertionError("genuine evidence cannot be read again", e);
        }
    }

    private static Stream<Bytes> vouching(Bytes pem) throws MalformedDerException {
        int end = pem.length();
        while (end > 0 && pem.u8(end - 1) == 0) {
            end--;
        }
        var certificates = PemBundle.certificates(pem.slice(0, end), 3);
        return certificates.subList(0, certificates.size() - 1).stream().map(Certificate::der);
    }
}
