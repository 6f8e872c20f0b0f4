package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.check.Findings;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspReader;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gpu.revocation}. Of every certificate that a device and its RIMs rest on, the responder must say that it is good, or a
 * list of its issuer must not list it. RFC 6960, section 3.2; RFC 5280, section 6.3.
 */
final class NvidiaRevocationJudge {
    private final OcspReader reader;
    private final RevocationLists crls;

    NvidiaRevocationJudge(Signatures signatures, SignatureFacts facts) {
        this.reader = new OcspReader(signatures, facts);
        this.crls = new RevocationLists(signatures, facts);
    }

    /**
     * How the check ended.
     *
     * @param ocspStatus the worst that was said about any of the certificates; {@code good} only when something that counts
     *     was said about each. A certificate that its issuer's list does not list is good too
     * @param until when the first answer or list that counts stops counting
     */
    record Judgement(Outcome outcome, Optional<String> ocspStatus, Optional<Instant> until) {}

    /** The answers that are still to be asked for: about certificates that nothing brought speaks about. */
    Set<EndorsementRef> wanted(List<RevocationQuestion> asked, Endorsements inHand) {
        Collection<RevocationQuestion> questions = distinct(asked);
        RevocationBrought brought = RevocationBrought.read(inHand, List.copyOf(questions), crls);
        var wanted = new LinkedHashSet<EndorsementRef>();
        questions.stream()
                .filter(question -> brought.answersAbout(question, inHand).isEmpty()
                        && brought.listsOf(question).isEmpty())
                .map(RevocationQuestion::ref)
                .forEach(wanted::add);
        wanted.removeIf(inHand::answered);
        return wanted;
    }

    /** Without a question there is no chain that anything can be said about. */
    Judgement judge(List<RevocationQuestion> asked, AuthenticationContext context) {
        if (asked.isEmpty()) {
            return new Judgement(
                    new Outcome.NotReached(GpuCheck.CERTIFICATE_CHAIN), Optional.empty(), Optional.empty());
        }
        Collection<RevocationQuestion> questions = distinct(asked);
        RevocationBrought brought = RevocationBrought.read(context.endorsements(), List.copyOf(questions), crls);
        var standings = new ArrayList<RevocationStanding>();
        brought.unreadable().forEach(failed -> standings.add(RevocationStanding.silent(failed)));
        questions.forEach(question -> standings.addAll(standings(question, brought, context)));
        return new Judgement(outcome(standings), status(standings), until(standings));
    }

    /** RIMs share their signers. */
    private static Collection<RevocationQuestion> distinct(List<RevocationQuestion> asked) {
        var distinct = new LinkedHashMap<List<Object>, RevocationQuestion>();
        asked.forEach(question -> distinct.putIfAbsent(
                List.of(question.subject().fingerprint(), question.issuer().fingerprint(), question.place()),
                question));
        return distinct.values();
    }

    private List<RevocationStanding> standings(
            RevocationQuestion question, RevocationBrought brought, AuthenticationContext context) {
        List<RevocationList> lists = brought.listsOf(question);
        List<RevocationList> sound = lists.stream()
                .filter(list -> crls.isSound(list, question, context.endorsements()))
                .toList();
        var standings = new ArrayList<RevocationStanding>();
        for (RevocationBrought.Answer answer : brought.answersAbout(question, context.endorsements())) {
            OcspReader.Reading reading = reader.read(
                    answer.der(),
                    answer.parsed(),
                    question.subject(),
                    question.issuer(),
                    question.issuerKey(),
                    context.endorsements());
            standings.add(RevocationAnswers.judge(reading, question, Optional.empty(), sound, context));
        }
        lists.forEach(list -> standings.add(crls.judge(list, question, context)));
        if (standings.isEmpty()) {
            standings.add(own(question, context));
        }
        return standings;
    }

    private RevocationStanding own(RevocationQuestion question, AuthenticationContext context) {
        var ref = question.ref();
        return switch (context.endorsements().gathered(ref)) {
            case Availability.InHand held ->
                RevocationAnswers.judge(
                        reader.read(held.content(), question.subject(), question.issuer(), question.issuerKey()),
                        question,
                        Optional.of(held),
                        List.of(),
                        context);
            case Availability.Missing(String why, Outcome.Cause cause) ->
                RevocationStanding.silent(
                        new Outcome.Undetermined(ref.description() + ": " + why, cause, RevocationOrigin.GET_ONE));
        };
    }

    private static Outcome outcome(List<RevocationStanding> standings) {
        var findings = new Findings();
        standings.forEach(standing -> findings.add(standing.outcome()));
        Outcome concluded = findings.conclude(
                "None of the certificates that this device and its reference values rest on is revoked.");
        Optional<Outcome> tolerated = standings.stream()
                .map(RevocationStanding::outcome)
                .filter(Outcome.Waived.class::isInstance)
                .findFirst();
        return concluded instanceof Outcome.Passed ? tolerated.orElse(concluded) : concluded;
    }

    private static Optional<String> status(List<RevocationStanding> standings) {
        Optional<RevocationStanding.Word> worst =
                standings.stream().flatMap(standing -> standing.word().stream()).max(Enum::compareTo);
        boolean silent = standings.stream().anyMatch(standing -> standing.word().isEmpty());
        return worst.filter(word -> !silent || word != RevocationStanding.Word.GOOD)
                .map(RevocationStanding.Word::text);
    }

    private static Optional<Instant> until(List<RevocationStanding> standings) {
        return standings.stream().flatMap(standing -> standing.until().stream()).min(Instant::compareTo);
    }
}
