package io.countersign.cases;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RawDevice;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.api.request.RequestObject;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a case: the body of {@code POST /v1/appraisals}, as strictly as the service does, with {@code at}, and perhaps a member
 * {@code recorded}. Which policy it names decides nothing, and a draft in it is left aside.
 */
public final class CaseReader {
    /** The member beside those of a request. */
    static final String RECORDED = "recorded";

    static final String FETCHED = "fetched";
    private static final List<String> RECORDED_MEMBERS =
            List.of("status", "verdict", "policy", "policy_version", "policy_digest", FETCHED);
    private static final int DEPTH = 32;
    private static final int DEVICES = 64;

    private final JsonText json = new JsonText(DEPTH);
    private final AppraisalRequestReader reader;

    /** Takes the schemes, and with them the anchors, that are to judge what is read. */
    public CaseReader(Schemes schemes) {
        this.reader = new AppraisalRequestReader(json, new EvidenceReader(schemes, DEVICES));
    }

    /**
     * The case in a file.
     *
     * @param name for people
     */
    public Case read(String name, byte[] text) throws CaseException {
        try {
            RequestObject body = json.object(text);
            AppraisalRequest request = reader.stored(body, RECORDED);
            Instant at = request.at()
                    .orElseThrow(() -> new RequestInvalidException(
                            "/at", "this member is required in a case: the time as of which it is judged"));
            var brought = new HashMap<>(request.endorsements());
            Optional<RequestObject> recorded = body.object(RECORDED);
            Map<EndorsementRef, Availability> gathered =
                    recorded.isPresent() ? gathered(recorded.get(), brought) : Map.of();
            return new Case(
                    name,
                    parse(request.evidence()),
                    brought,
                    gathered,
                    request.binding(),
                    at,
                    request.policy(),
                    recorded.isPresent() ? Optional.of(recorded(recorded.get())) : Optional.empty());
        } catch (RequestInvalidException e) {
            throw new CaseException("%s: %s%s"
                    .formatted(
                            name, e.pointer().isEmpty() ? "" : "at " + e.pointer() + ": ", sentence(e.getMessage())));
        } catch (RefusedEvidenceException e) {
            throw new CaseException("%s: the evidence of %s cannot be read: %s"
                    .formatted(
                            name, e.label(), sentence(String.valueOf(e.reason().getMessage()))));
        } catch (RuntimeException e) {
            // Ours to repair, and no reason to stop with the cases beside it.
            throw new CaseException(
                    "%s: reading it ended in an error of this program (%s); please report it with the case"
                            .formatted(name, e.getClass().getSimpleName()));
        }
    }

    private static String sentence(@org.jspecify.annotations.Nullable String message) {
        return message == null || message.isBlank() ? "it cannot be read" : message;
    }

    private static CompositeEvidence parse(List<RawDevice> devices) throws RefusedEvidenceException {
        var submodules = new ArrayList<Submodule>();
        for (RawDevice device : devices) {
            submodules.add(Submodule.parse(device.label(), device.scheme(), device.evidence()));
        }
        return new CompositeEvidence(submodules);
    }

    private static Case.Recorded recorded(RequestObject recorded) throws RequestInvalidException {
        recorded.onlyMembers(RECORDED_MEMBERS);
        Optional<String> word = recorded.text("verdict");
        Optional<Case.Verdict> verdict = word.flatMap(text -> Stream.of(Case.Verdict.values())
                .filter(each -> each.word().equals(text))
                .findFirst());
        if (word.isPresent() && verdict.isEmpty()) {
            throw new RequestInvalidException(recorded.pointerTo("verdict"), "favourable or refused was expected");
        }
        return new Case.Recorded(
                recorded.requiredText("status"),
                recorded.requiredText("policy"),
                recorded.text("policy_version").orElse(""),
                recorded.requiredText("policy_digest"),
                verdict);
    }

    /** Takes from what is brought that which the service had fetched, and which is judged as its own. */
    private static Map<EndorsementRef, Availability> gathered(RequestObject recorded, Map<String, List<Bytes>> brought)
            throws RequestInvalidException {
        Optional<RequestObject> fetched = recorded.object(FETCHED);
        if (fetched.isEmpty()) {
            return Map.of();
        }
        var given = Map.copyOf(brought);
        var gathered = new LinkedHashMap<EndorsementRef, Availability>();
        for (String place : fetched.get().names()) {
            try {
                FetchedForm.Read read = FetchedForm.read(place, fetched.get().requiredText(place), given);
                gathered.put(read.ref(), read.availability());
            } catch (CaseException e) {
                throw new RequestInvalidException(fetched.get().pointerTo(place), String.valueOf(e.getMessage()));
            }
        }
        FetchedForm.takeOff(fetched.get().names(), brought);
        return gathered;
    }
}
