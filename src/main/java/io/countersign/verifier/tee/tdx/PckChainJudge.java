package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code tdx.pck-chain}: the certificates in a quote, from the PCK to a pinned root. RFC 5280, section 6.1. */
final class PckChainJudge {
    private static final int CHAIN_LENGTH = 3;
    private static final String EXPECTED =
            "the PCK certificate, its authority and the Intel SGX Root CA, in this order, each signed by the next";
    private static final String HINT =
            "The quote carries a chain that Intel did not issue, or that was altered on the way:"
                    + " have the platform fetch its PCK certificate again (PCKIDRetrievalTool, PCCS) and make a new quote.";

    private final IntelAnchors anchors;
    private final Signatures signatures;
    private final SignatureFacts facts;

    PckChainJudge(IntelAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.anchors = anchors;
        this.signatures = signatures;
        this.facts = facts;
    }

    PckJudgement judge(Bytes pem, Instant at) {
        var key = new SignatureFacts.Key("intel-pck-chain", pem.sha256(), anchors.fingerprint());
        Optional<PckChain> known = facts.recall(key, PckChain.class);
        if (known.isPresent()) {
            return windows(known.get(), at);
        }
        List<Certificate> certificates;
        try {
            certificates = anchors.certificates(withoutEndingNul(pem), CHAIN_LENGTH);
        } catch (MalformedDerException e) {
            return new PckJudgement(
                    new Outcome.Failed(EXPECTED, e.getMessage(), HINT), Optional.empty(), Optional.empty());
        }
        Optional<PublicKey> leafKey =
                certificates.stream().findFirst().flatMap(leaf -> IntelSignature.key(leaf, signatures));
        return switch (link(certificates)) {
            case Linked.Chain(PckChain chain) -> {
                facts.remember(key, chain);
                yield windows(chain, at);
            }
            case Linked.Broken(String why) ->
                new PckJudgement(new Outcome.Failed(EXPECTED, why, HINT), Optional.empty(), leafKey);
        };
    }

    /** The certificates linked to a pinned root, or the reason why they are not. */
    private sealed interface Linked {
        record Chain(PckChain chain) implements Linked {}

        record Broken(String why) implements Linked {}
    }

    /** Intel's library writes the terminator of the C string as well. */
    static Bytes withoutEndingNul(Bytes pem) {
        int end = pem.length();
        while (end > 0 && pem.u8(end - 1) == 0) {
            end--;
        }
        return pem.slice(0, end);
    }

    private Linked link(List<Certificate> certificates) {
        if (certificates.size() != CHAIN_LENGTH) {
            return new Linked.Broken("there are %d certificates".formatted(certificates.size()));
        }
        Certificate leaf = certificates.get(0);
        Certificate authority = certificates.get(1);
        var findings = new ArrayList<String>();
        IntelRole.pckFindings(leaf).forEach(finding -> findings.add("the first certificate: " + finding));
        IntelRole.authorityFindings(authority).forEach(finding -> findings.add("the second certificate: " + finding));
        if (!leaf.issuer().equals(authority.subject())) {
            findings.add("the second certificate does not bear the name of the first one's issuer");
        }
        Optional<IntelAnchors.Root> root = anchors.pinned(certificates.get(2));
        if (root.isEmpty()) {
            findings.add("the third certificate is not a root that is pinned here (its SHA-256 is "
                    + certificates.get(2).fingerprint() + ")");
        }
        if (!findings.isEmpty() || root.isEmpty()) {
            return new Linked.Broken(String.join("; ", findings));
        }
        return link(leaf, authority, root.get());
    }

    private Linked link(Certificate leaf, Certificate authority, IntelAnchors.Root root) {
        Optional<PublicKey> authorityKey = authority(authority, root);
        if (authorityKey.isEmpty()) {
            return new Linked.Broken(
                    "the %s certificate is not signed by the pinned root".formatted(authority.subjectCommonName()));
        }
        Optional<PublicKey> leafKey = IntelSignature.key(leaf, signatures);
        if (leafKey.isEmpty()) {
            return new Linked.Broken("the key of the PCK certificate is not on P-256");
        }
        if (!IntelSignature.signed(authorityKey.get(), leaf, signatures)) {
            return new Linked.Broken(
                    "the PCK certificate is not signed by the %s".formatted(authority.subjectCommonName()));
        }
        Optional<PckCa> ca = PckCa.named(authority.subjectCommonName());
        return switch (PckExtension.read(leaf)) {
            case PckExtension.Reading.Unreadable(String why) -> new Linked.Broken("the PCK certificate: " + why);
            case PckExtension.Reading.Read(PckIdentity identity) ->
                new Linked.Chain(new PckChain(
                        root,
                        ca.orElseThrow(),
                        authority,
                        authorityKey.get(),
                        leaf,
                        leafKey.get(),
                        identity,
                        new Outcome.Passed("The PCK certificate, valid until "
                                + leaf.window().notAfter() + ", is signed through the "
                                + ca.get().commonName() + " by the pinned root.")));
        };
    }

    /** The key of an authority that a root signed; one authority serves a great many platforms. */
    private Optional<PublicKey> authority(Certificate authority, IntelAnchors.Root root) {
        Optional<PublicKey> builtIn = anchors.authorities().stream()
                .filter(each -> each.root().equals(root) && each.certificate().equals(authority))
                .map(IntelAnchors.Authority::key)
                .findFirst();
        if (builtIn.isPresent()) {
            return builtIn;
        }
        var fact = new SignatureFacts.Key(
                "intel-pck-ca", authority.fingerprint(), root.certificate().fingerprint());
        Optional<PublicKey> known = facts.recall(fact, PublicKey.class);
        if (known.isPresent()) {
            return known;
        }
        if (!authority.issuer().equals(root.certificate().subject())
                || !IntelSignature.signed(root.key(), authority, signatures)) {
            return Optional.empty();
        }
        Optional<PublicKey> key = IntelSignature.key(authority, signatures);
        key.ifPresent(verified -> facts.remember(fact, verified));
        return key;
    }

    private static PckJudgement windows(PckChain chain, Instant at) {
        Optional<Certificate> outside = chain.outsideItsWindow(at);
        Outcome outcome = outside.isPresent()
                ? new Outcome.Failed(
                        outside.get().subjectCommonName() + " valid at " + at,
                        "it is valid from " + outside.get().window(),
                        "Have the platform fetch its PCK certificate again and make a new quote; check the clock, or the"
                                + " time that was asked for.")
                : chain.valid();
        return new PckJudgement(outcome, Optional.of(chain), Optional.of(chain.leafKey()));
    }
}
