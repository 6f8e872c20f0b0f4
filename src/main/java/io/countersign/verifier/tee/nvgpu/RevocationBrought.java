package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.ocsp.ParsedAnswer;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Everything about revocation that a request brings, read once and believed nowhere.
 *
 * @param unreadable what of it is neither, which is as bad as what is wrong
 */
record RevocationBrought(List<Answer> answers, List<RevocationList> lists, List<Outcome.Failed> unreadable) {
    static final String OCSP_SLOT = "nvidia.ocsp";
    static final String CRL_SLOT = "nvidia.crls";

    /** Three certificates of each of the most devices, and those of the RIMs, need less. */
    static final int MAX_ANSWERS = 256;

    /** NVIDIA has a handful. */
    static final int MAX_LISTS = 32;

    /** An answer and the bytes it was parsed from. */
    record Answer(Bytes der, ParsedAnswer parsed) {}

    RevocationBrought {
        answers = List.copyOf(answers);
        lists = List.copyOf(lists);
        unreadable = List.copyOf(unreadable);
    }

    /** There is one of these for a request. */
    private enum Slots {
        BOTH
    }

    private record About(Bytes subject, Bytes issuer) {}

    /** The type under which what is about one certificate is worked out. */
    private record Several(List<Answer> answers) {}

    /** Reads both slots, once for all devices of a request; a list that was verified before is not read again. */
    static RevocationBrought read(Endorsements inHand, List<RevocationQuestion> questions, RevocationLists known) {
        return inHand.once(Slots.BOTH, RevocationBrought.class, () -> readAnew(inHand, questions, known));
    }

    private static RevocationBrought readAnew(
            Endorsements inHand, List<RevocationQuestion> questions, RevocationLists known) {
        var answers = new ArrayList<Answer>();
        var lists = new ArrayList<RevocationList>();
        var unreadable = new ArrayList<Outcome.Failed>();
        var ocsp = new LinkedHashSet<>(inHand.brought(OCSP_SLOT));
        if (ocsp.size() > MAX_ANSWERS) {
            unreadable.add(failed("at most %d OCSP answers".formatted(MAX_ANSWERS), "there are " + ocsp.size()));
        } else {
            for (Bytes der : ocsp) {
                switch (ParsedAnswer.parse(der)) {
                    case ParsedAnswer.Reading.Read(ParsedAnswer parsed) -> answers.add(new Answer(der, parsed));
                    case ParsedAnswer.Reading.Refused(String expected, String actual) ->
                        unreadable.add(failed(expected, actual));
                }
            }
        }
        var crls = new LinkedHashSet<>(inHand.brought(CRL_SLOT));
        if (crls.size() > MAX_LISTS) {
            unreadable.add(failed("at most %d revocation lists".formatted(MAX_LISTS), "there are " + crls.size()));
        } else {
            for (Bytes der : crls) {
                Optional<RevocationList> list = questions.stream()
                        .flatMap(question -> known.known(der, question).stream())
                        .findFirst();
                try {
                    lists.add(list.isPresent() ? list.get() : RevocationList.parse(der));
                } catch (MalformedDerException e) {
                    unreadable.add(failed("a revocation list in DER", e.getMessage()));
                }
            }
        }
        return new RevocationBrought(answers, lists, unreadable);
    }

    private static Outcome.Failed failed(String expected, String actual) {
        return new Outcome.Failed(expected, actual, RevocationOrigin.REQUEST.hint());
    }

    /** The answers that are about a certificate, or cannot be told not to be. */
    List<Answer> answersAbout(RevocationQuestion question, Endorsements inHand) {
        return inHand.once(
                        new About(
                                question.subject().fingerprint(),
                                question.issuer().fingerprint()),
                        Several.class,
                        () -> new Several(answers.stream()
                                .filter(answer -> !(answer.parsed().about(question.subject(), question.issuer())
                                        instanceof ParsedAnswer.About.Others))
                                .toList()))
                .answers();
    }

    List<RevocationList> listsOf(RevocationQuestion question) {
        return lists.stream()
                .filter(list -> RevocationLists.isOf(question.issuer(), list))
                .toList();
    }
}
