package io.countersign.service.collateral;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Intel's endorsements say of themselves: TCB info of version 3 and enclave identities of version 2 (Intel PCS API,
 * version 4), and revocation lists. This chooses what to keep under which name; whether any of it is genuine is for the core.
 */
final class IntelReadings {
    private static final String ROOT = "Intel SGX Root CA";

    private static final Pattern RFC_3339 = Pattern.compile("[0-9]{4}-[0-9T:.-]{1,30}Z");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private IntelReadings() {}

    /** Why bytes cannot be read. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String why) {
            super(why);
        }
    }

    static Reading read(IntelEndorsementRef ref, Bytes content) {
        try {
            return switch (ref) {
                case IntelEndorsementRef.TcbInfo(TeeType tee, Bytes fmspc) ->
                    tcbInfo(tee, fmspc, member(content, "tcbInfo"));
                case IntelEndorsementRef.QeIdentity(TeeType tee) -> qeIdentity(tee, member(content, "enclaveIdentity"));
                case IntelEndorsementRef.PckCrl(PckCa ca) -> crl(ca.commonName(), content);
                case IntelEndorsementRef.RootCaCrl() -> crl(ROOT, content);
                case IntelEndorsementRef.SeenEvaluationNumber _ ->
                    new Reading.Unreadable("a number that was seen is never kept as bytes");
            };
        } catch (UnreadableException | MalformedDerException e) {
            return new Reading.Unreadable(Objects.requireNonNullElse(e.getMessage(), "it cannot be read"));
        }
    }

    /** The body begins with its brace; what stands before it is the issuer chain. */
    private static JsonNode member(Bytes content, String name) throws UnreadableException {
        String text = content.toUtf8();
        int brace = text.indexOf('{');
        if (brace < 0) {
            throw new UnreadableException("it holds no JSON object");
        }
        if (brace > IssuerChain.MAX_LENGTH || brace > 0 && !IssuerChain.isPem(text.substring(0, brace))) {
            throw new UnreadableException("what stands before its JSON object is not an issuer chain in PEM");
        }
        try {
            return JSON.readTree(text.substring(brace)).path(name);
        } catch (JsonProcessingException _) {
            throw new UnreadableException("its body is not one JSON object");
        }
    }

    private static Reading tcbInfo(TeeType tee, Bytes fmspc, JsonNode info) throws UnreadableException {
        Reading.Fits fits = statement(info, "TCB info");
        if (!info.path("id").asText().equals(tee.name())) {
            return new Reading.Misfit("it is TCB info of another kind than " + tee.name());
        }
        // Intel writes the digits in either case.
        if (!info.path("fmspc").asText().toLowerCase(Locale.ROOT).equals(fmspc.toString())) {
            return new Reading.Misfit("it is TCB info of another FMSPC");
        }
        return fits;
    }

    private static Reading qeIdentity(TeeType tee, JsonNode identity) throws UnreadableException {
        Reading.Fits fits = statement(identity, "an enclave identity");
        String id =
                switch (tee) {
                    case SGX -> "QE";
                    case TDX -> "TD_QE";
                };
        return identity.path("id").asText().equals(id)
                ? fits
                : new Reading.Misfit("it is the identity of another enclave than " + id);
    }

    /** The members that both kinds have. */
    private static Reading.Fits statement(JsonNode statement, String what) throws UnreadableException {
        JsonNode number = statement.path("tcbEvaluationDataNumber");
        if (!number.canConvertToInt() || !number.isIntegralNumber() || number.intValue() < 0) {
            throw new UnreadableException("it is not %s with a TCB evaluation data number".formatted(what));
        }
        return new Reading.Fits(
                Optional.of(time(statement, "nextUpdate")),
                Optional.of(new Edition(number.bigIntegerValue(), Optional.of(time(statement, "issueDate")))),
                Optional.empty());
    }

    private static Instant time(JsonNode statement, String name) throws UnreadableException {
        String text = statement.path(name).asText();
        try {
            // Four digits of year, so that no sum of times can leave what an Instant holds.
            if (RFC_3339.matcher(text).matches()) {
                return Instant.parse(text);
            }
        } catch (DateTimeException _) {
            // Said below: a thirteenth month has the form, but is no time either.
        }
        throw new UnreadableException("its %s is not a time".formatted(name));
    }

    /** The name of the issuer is looked for among its bytes: all that depends on it is what to keep. */
    private static Reading crl(String issuer, Bytes content) throws MalformedDerException {
        RevocationList list = RevocationList.parse(content);
        String name = new String(list.issuer().toByteArray(), StandardCharsets.ISO_8859_1);
        return name.contains(issuer)
                ? new Reading.Fits(
                        list.nextUpdate(),
                        list.number().map(number -> new Edition(number, Optional.empty())),
                        Optional.empty())
                : new Reading.Misfit("it is the revocation list of another authority than the " + issuer);
    }
}
