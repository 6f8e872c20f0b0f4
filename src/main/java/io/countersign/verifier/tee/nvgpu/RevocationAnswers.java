package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.nvgpu.ocsp.OcspReader;
import io.countersign.verifier.tee.nvgpu.ocsp.SignedAnswer;
import io.countersign.verifier.tee.nvgpu.ocsp.Status;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an OCSP answer means for the certificate that it is about, at one instant and under one policy. */
final class RevocationAnswers {
    private RevocationAnswers() {}

    /**
     * Judges one answer.
     *
     * @param held how the service has it; absent when the request brought it
     * @param lists of the certificate's issuer, signed by it: they speak about a responder that it appointed too
     */
    static RevocationStanding judge(
            OcspReader.Reading reading,
            RevocationQuestion question,
            Optional<Availability.InHand> held,
            List<RevocationList> lists,
            AuthenticationContext context) {
        RevocationOrigin origin = held.isPresent() ? RevocationOrigin.SERVICE : RevocationOrigin.REQUEST;
        return switch (reading) {
            case OcspReader.Reading.AboutOthers() ->
                RevocationStanding.silent(new Outcome.Failed(
                        "an OCSP answer about " + question.name(), "it is about another certificate", origin.hint()));
            case OcspReader.Reading.Refused(String expected, String actual) ->
                RevocationStanding.silent(new Outcome.Failed(expected, actual, origin.hint()));
            case OcspReader.Reading.Signed(SignedAnswer answer) -> {
                if (answer.delegate()
                        .filter(signer -> lists.stream()
                                .anyMatch(list -> list.revokedSerials().contains(signer.serial())))
                        .isPresent()) {
                    yield RevocationStanding.silent(new Outcome.Failed(
                            "an OCSP answer about " + question.name() + " by a responder that is not revoked",
                            question.issuer().subjectCommonName() + "'s list revokes the responder's certificate",
                            origin.hint()));
                }
                yield judge(answer, question, held, context);
            }
        };
    }

    private static RevocationStanding judge(
            SignedAnswer answer,
            RevocationQuestion question,
            Optional<Availability.InHand> held,
            AuthenticationContext context) {
        return switch (answer.status()) {
            case Status.Revoked revoked when revoked.isHold() -> hold(revoked, answer, question, held, context);
            case Status.Revoked(Optional<Integer> reason, Instant since) ->
                // For ever, so that the answer's own time does not matter: RFC 5280, section 5.3.1.
                RevocationStanding.revoked(
                        question.name(),
                        "NVIDIA's responder says that it is revoked since " + since
                                + reason.map(" (reason %d)"::formatted).orElse(""));
            case Status.Good() ->
                outsideWindow(answer, question, held, context)
                        .orElseGet(() -> RevocationStanding.good(
                                "NVIDIA's responder says that %s is good, which counts until %s."
                                        .formatted(question.name(), until(answer, context)),
                                until(answer, context)));
            case Status.Unknown() ->
                outsideWindow(answer, question, held, context)
                        .orElseGet(() -> RevocationStanding.bad(
                                RevocationStanding.Word.UNKNOWN,
                                question.name() + " good",
                                "NVIDIA's responder does not know it",
                                origin(held).hint()));
        };
    }

    private static RevocationStanding hold(
            Status.Revoked revoked,
            SignedAnswer answer,
            RevocationQuestion question,
            Optional<Availability.InHand> held,
            AuthenticationContext context) {
        Tolerances tolerances = context.tolerances();
        Optional<String> reason =
                switch (question.place()) {
                    // Nobody can say why a device is on hold; a signer of reference values is, while NVIDIA prepares
                    // new ones.
                    case DEVICE, DEVICE_AUTHORITY -> Optional.empty();
                    case RIM_SIGNER, RIM_AUTHORITY -> tolerances.certificateHold();
                };
        if (reason.isEmpty()) {
            return RevocationStanding.bad(
                    RevocationStanding.Word.CERTIFICATE_HOLD,
                    question.name() + " not on hold",
                    "NVIDIA's responder says that it is on hold since " + revoked.at(),
                    switch (question.place()) {
                        case DEVICE, DEVICE_AUTHORITY -> "No policy can tolerate this of a device.";
                        case RIM_SIGNER, RIM_AUTHORITY ->
                            "Use a RIM that another signer signed; a policy may also tolerate the hold, giving its reason.";
                    });
        }
        return outsideWindow(answer, question, held, context)
                .orElseGet(() -> new RevocationStanding(
                        new Outcome.Waived(tolerances.policy(), reason.get()),
                        Optional.of(RevocationStanding.Word.CERTIFICATE_HOLD),
                        Optional.of(until(answer, context))));
    }

    private static Instant until(SignedAnswer answer, AuthenticationContext context) {
        return answer.until(context.tolerances().ocspMaxAge());
    }

    private static Optional<RevocationStanding> outsideWindow(
            SignedAnswer answer,
            RevocationQuestion question,
            Optional<Availability.InHand> held,
            AuthenticationContext context) {
        Instant at = context.at();
        Instant end = until(answer, context);
        if (!at.plus(Window.SKEW_AT_BEGINNING).isBefore(answer.from()) && at.isBefore(end)) {
            return Optional.empty();
        }
        String wanted = "an OCSP answer about %s that counts at %s".formatted(question.name(), at);
        String found = "from %s until %s".formatted(answer.from(), end);
        return Optional.of(RevocationStanding.silent(held.<Outcome>map(own -> new Outcome.Undetermined(
                        wanted + "; the one in hand counts " + found + own.whyNotRenewed(),
                        own.causeWhenOver(),
                        RevocationOrigin.GET_ONE))
                .orElseGet(() -> new Outcome.Failed(
                        wanted,
                        "the one given counts " + found,
                        RevocationOrigin.REQUEST.hint() + RevocationOrigin.OR_AT))));
    }

    private static RevocationOrigin origin(Optional<Availability.InHand> held) {
        return held.isPresent() ? RevocationOrigin.SERVICE : RevocationOrigin.REQUEST;
    }
}
