package io.countersign.cases;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.PemBundle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which endorsements of a case the service had fetched. They stand in the slots of a request, so that a case can be posted as it
 * is; beside them, by place, stands what each answers: {@code "amd.crl": "Milan vcek"}. So they are judged as the service's own
 * again, which differs from what is brought once a window is over.
 */
final class FetchedForm {
    private static final String OCSP = "nvidia.ocsp";
    private static final String TCB_INFO = "intel.tcb_info";
    private static final String QE_IDENTITY = "intel.qe_identity";
    private static final String CHAIN = "_issuer_chain";

    /** Not in hand, which matters where another one was asked for next. */
    private static final String MISSING = "missing.";

    private FetchedForm() {}

    /** What one place of {@code fetched} says. */
    record Read(EndorsementRef ref, Availability availability) {}

    /**
     * Endorsements as a case writes them.
     *
     * @param slots of the request
     * @param fetched words by place
     */
    record Written(Map<String, List<Bytes>> slots, Map<String, String> fetched) {}

    static Written write(Endorsements inHand) {
        var slots = new TreeMap<String, List<Bytes>>(inHand.brought());
        var fetched = new TreeMap<String, String>();
        int missing = 0;
        for (var answer : inHand.gathered().entrySet()) {
            FetchedWords words = FetchedWords.of(answer.getKey());
            switch (answer.getValue()) {
                case Availability.InHand held -> put(words, held.content(), slots, fetched);
                case Availability.Missing _ -> {
                    if (answer.getKey() instanceof AmdEndorsementRef.Vcek) {
                        fetched.put(MISSING + missing++, words.place() + " " + words.words());
                    }
                }
            }
        }
        return new Written(slots, fetched);
    }

    private static void put(
            FetchedWords words, Bytes content, Map<String, List<Bytes>> slots, Map<String, String> fetched) {
        switch (words.place()) {
            case OCSP -> {
                var answers = new ArrayList<>(slots.getOrDefault(OCSP, List.of()));
                fetched.put(OCSP + "." + answers.size(), words.words());
                answers.add(content);
                slots.put(OCSP, answers);
            }
            case FetchedWords.EVALUATION_NUMBER -> fetched.put(words.place(), words.words() + " " + content.toUtf8());
            case FetchedWords.NO_PLACE -> {}
            default -> {
                if (slots.putIfAbsent(words.place(), List.of(inSlot(words.place(), content))) == null) {
                    fetched.put(words.place(), words.words());
                    if (words.place().equals(TCB_INFO) || words.place().equals(QE_IDENTITY)) {
                        split(words.place(), content, slots);
                    }
                }
            }
        }
    }

    private static Bytes inSlot(String place, Bytes content) {
        return place.equals(FetchedWords.VCEK) ? Bytes.utf8(pem(content)) : content;
    }

    /** Intel's chain comes first and the body directly after it: see {@link IntelEndorsementRef.TcbInfo}. */
    private static void split(String place, Bytes content, Map<String, List<Bytes>> slots) {
        String text = content.toUtf8();
        int brace = text.indexOf('{');
        if (brace > 0) {
            slots.put(place, List.of(Bytes.utf8(text.substring(brace))));
            slots.put(place + CHAIN, List.of(Bytes.utf8(text.substring(0, brace))));
        } else {
            slots.remove(place + CHAIN);
        }
    }

    private static String pem(Bytes der) {
        return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der.toByteArray()));
    }

    /** What one place says, with its content from the slots. */
    static Read read(String place, String words, Map<String, List<Bytes>> slots) throws CaseException {
        if (place.startsWith(MISSING)) {
            int space = words.indexOf(' ');
            EndorsementRef ref =
                    FetchedWords.parse(words.substring(0, Math.max(0, space)), words.substring(Math.max(0, space + 1)));
            return new Read(
                    ref,
                    new Availability.Missing("it was not in hand when this was recorded", Outcome.Cause.NOT_IN_HAND));
        }
        if (place.startsWith(OCSP + ".")) {
            List<Bytes> answers = slots.getOrDefault(OCSP, List.of());
            int index = index(place.substring(OCSP.length() + 1), answers.size());
            return new Read(FetchedWords.parse(OCSP, words), new Availability.InHand(answers.get(index)));
        }
        EndorsementRef ref = FetchedWords.parse(place, words);
        if (ref instanceof IntelEndorsementRef.SeenEvaluationNumber) {
            return new Read(ref, new Availability.InHand(Bytes.utf8(words.substring(words.lastIndexOf(' ') + 1))));
        }
        List<Bytes> found = slots.getOrDefault(place, List.of());
        if (found.size() != 1) {
            throw new CaseException(
                    "one endorsement in the slot %s was expected, there are %d".formatted(place, found.size()));
        }
        return new Read(ref, new Availability.InHand(content(place, found.getFirst(), slots)));
    }

    private static Bytes content(String place, Bytes found, Map<String, List<Bytes>> slots) throws CaseException {
        return switch (place) {
            case FetchedWords.VCEK -> der(found);
            case TCB_INFO, QE_IDENTITY -> {
                List<Bytes> chain = slots.getOrDefault(place + CHAIN, List.of());
                yield chain.isEmpty() ? found : Bytes.concat(chain.getFirst(), found);
            }
            default -> found;
        };
    }

    private static Bytes der(Bytes pem) throws CaseException {
        try {
            List<Bytes> certificates = PemBundle.split(pem, 1);
            if (certificates.size() == 1) {
                return certificates.getFirst();
            }
        } catch (MalformedEvidenceException _) {
            // said below
        }
        throw new CaseException("one certificate in PEM was expected in the slot " + FetchedWords.VCEK);
    }

    private static int index(String digits, int size) throws CaseException {
        try {
            int index = Integer.parseInt(digits);
            if (index >= 0 && index < size) {
                return index;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new CaseException("the number of an OCSP answer of this case was expected; there are " + size);
    }

    /** Leaves in the slots what the request itself had brought. */
    static void takeOff(Collection<String> places, Map<String, List<Bytes>> slots) {
        var kept = new ArrayList<>(slots.getOrDefault(OCSP, List.of()));
        var answers = new LinkedHashMap<Integer, Bytes>();
        for (int i = 0; i < kept.size(); i++) {
            answers.put(i, kept.get(i));
        }
        for (String place : places) {
            if (place.startsWith(OCSP + ".")) {
                answers.remove(Integer.parseInt(place.substring(OCSP.length() + 1)));
            } else {
                slots.remove(place);
                if (place.equals(TCB_INFO) || place.equals(QE_IDENTITY)) {
                    slots.remove(place + CHAIN);
                }
            }
        }
        if (answers.isEmpty()) {
            slots.remove(OCSP);
        } else {
            slots.put(OCSP, List.copyOf(answers.values()));
        }
    }
}
