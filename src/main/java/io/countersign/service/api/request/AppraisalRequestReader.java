package io.countersign.service.api.request;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the bodies of attestations and appraisals. */
public final class AppraisalRequestReader {
    private static final List<String> ATTESTATION_MEMBERS =
            List.of("policy", "policy_digest", "audience", "nonce", "key", "binding", "evidence", "endorsements");
    private static final List<String> APPRAISAL_MEMBERS = List.of(
            "policy",
            "policy_digest",
            "audience",
            "nonce",
            "key",
            "binding",
            "evidence",
            "endorsements",
            "at",
            "policy_source");
    private static final String BATCH = "appraisals";
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Instant EARLIEST = Instant.parse("2015-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2101-01-01T00:00:00Z");
    private static final int MAX_NAME = 512;

    private final JsonText json;
    private final EvidenceReader evidence;

    public AppraisalRequestReader(JsonText json, EvidenceReader evidence) {
        this.json = json;
        this.evidence = evidence;
    }

    public AppraisalRequest attestation(byte[] body) throws RequestInvalidException, RefusedEvidenceException {
        RequestObject request = json.object(body);
        request.onlyMembers(ATTESTATION_MEMBERS);
        if (!request.has("audience")) {
            throw new RequestInvalidException("/audience", "this member is required");
        }
        if (!request.has("nonce")) {
            throw new RequestInvalidException("/nonce", "this member is required; POST /v1/challenges gives one");
        }
        AppraisalRequest read = read(request);
        if (read.binding().method() == BindingMethod.NONE) {
            throw new RequestInvalidException("/binding", "an attestation is bound: countersign-v1 or nonce");
        }
        return read;
    }

    public AppraisalRequest appraisal(byte[] body) throws RequestInvalidException, RefusedEvidenceException {
        return appraisal(json.object(body));
    }

    /** An appraisal that stands in another body, whose places are told as places in that one. */
    public AppraisalRequest appraisal(RequestObject request) throws RequestInvalidException, RefusedEvidenceException {
        request.onlyMembers(APPRAISAL_MEMBERS);
        if (request.has("policy") && request.has("policy_source")) {
            throw new RequestInvalidException(
                    request.pointerTo("policy_source"), "a draft stands instead of \"policy\", not beside it");
        }
        return read(request);
    }

    /** The appraisals of a batch, none of them read yet: what is wrong with one is its own affair. */
    public List<RequestElement> batch(byte[] body, int most) throws RequestInvalidException {
        RequestObject request = json.object(body);
        request.onlyMembers(List.of(BATCH));
        List<RequestElement> appraisals = request.elements(BATCH);
        if (appraisals.isEmpty() || appraisals.size() > most) {
            throw new RequestInvalidException(
                    request.pointerTo(BATCH),
                    "1 to %d appraisals were expected, these are %d".formatted(most, appraisals.size()));
        }
        return appraisals;
    }

    /**
     * An appraisal's body that was stored as a case.
     *
     * @param beside a member that stands beside those of an appraisal, for the caller to read
     */
    public AppraisalRequest stored(RequestObject request, String beside)
            throws RequestInvalidException, RefusedEvidenceException {
        request.onlyMembers(
                Stream.concat(APPRAISAL_MEMBERS.stream(), Stream.of(beside)).toList());
        return read(request);
    }

    private AppraisalRequest read(RequestObject request) throws RequestInvalidException, RefusedEvidenceException {
        Optional<String> digest = request.text("policy_digest");
        if (digest.isPresent() && !DIGEST.matcher(digest.get()).matches()) {
            throw new RequestInvalidException(
                    request.pointerTo("policy_digest"), "sha256: and 64 lowercase hex digits were expected");
        }
        Optional<RequestObject> keyMember = request.object("key");
        Optional<AttestedKey> key =
                keyMember.isEmpty() ? Optional.empty() : Optional.of(AttestedKey.read(keyMember.get()));
        return new AppraisalRequest(
                name(request, "policy"),
                request.text("policy_source"),
                digest,
                name(request, "audience"),
                binding(request, key),
                key,
                at(request),
                evidence.read(request),
                EndorsementReader.read(request));
    }

    private static Optional<String> name(RequestObject request, String member) throws RequestInvalidException {
        Optional<String> text = request.text(member);
        if (text.isPresent() && (text.get().isEmpty() || text.get().length() > MAX_NAME)) {
            throw new RequestInvalidException(
                    request.pointerTo(member), "1 to %d characters were expected".formatted(MAX_NAME));
        }
        return text;
    }

    private static Binding binding(RequestObject request, Optional<AttestedKey> key) throws RequestInvalidException {
        Optional<Bytes> nonce = request.binary("nonce");
        if (nonce.isPresent()
                && (nonce.get().length() < Binding.MIN_NONCE || nonce.get().length() > Binding.MAX_NONCE)) {
            throw new RequestInvalidException(
                    request.pointerTo("nonce"),
                    "a nonce is 16 to 64 bytes, this one has " + nonce.get().length());
        }
        BindingMethod method = method(request, nonce);
        if (key.isPresent() && method != BindingMethod.COUNTERSIGN_V1) {
            throw new RequestInvalidException(
                    request.pointerTo("key"), "a key goes with the binding countersign-v1 only");
        }
        if (method == BindingMethod.NONE) {
            return Binding.none();
        }
        Bytes bytes = nonce.orElseThrow(() -> new RequestInvalidException(
                request.pointerTo("nonce"), "the binding " + method.word() + " needs a nonce"));
        if (method == BindingMethod.NONCE && bytes.length() != 32 && bytes.length() != 64) {
            throw new RequestInvalidException(
                    request.pointerTo("nonce"),
                    "with the binding nonce, a nonce is 32 or 64 bytes, this one has %d%s"
                            .formatted(bytes.length(), looksLikeHex(bytes) ? ": write it in base64, not in hex" : ""));
        }
        return new Binding(method, bytes, key.map(AttestedKey::thumbprint).orElse(Bytes.empty()));
    }

    /** 64 or 128 hex digits are valid base64 of 48 or 96 bytes. */
    private static boolean looksLikeHex(Bytes decoded) {
        return decoded.length() % 48 == 0
                && Base64.getEncoder().encodeToString(decoded.toByteArray()).matches("[0-9a-fA-F]+");
    }

    private static BindingMethod method(RequestObject request, Optional<Bytes> nonce) throws RequestInvalidException {
        Optional<String> word = request.text("binding");
        if (word.isEmpty()) {
            return nonce.isPresent() ? BindingMethod.COUNTERSIGN_V1 : BindingMethod.NONE;
        }
        return BindingMethod.of(word.get())
                .orElseThrow(() -> new RequestInvalidException(
                        request.pointerTo("binding"), "one of countersign-v1, nonce and none was expected"));
    }

    private static Optional<Instant> at(RequestObject request) throws RequestInvalidException {
        Optional<String> text = request.text("at");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (RFC_3339.matcher(text.get()).matches()) {
                Instant at = OffsetDateTime.parse(text.get()).toInstant();
                if (!at.isBefore(EARLIEST) && at.isBefore(LATEST)) {
                    return Optional.of(at);
                }
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw new RequestInvalidException(request.pointerTo("at"), "an RFC 3339 time from 2015 to 2100 was expected");
    }
}
