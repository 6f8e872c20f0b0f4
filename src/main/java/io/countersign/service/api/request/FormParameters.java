package io.countersign.service.api.request;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a form, each at most once: application/x-www-form-urlencoded as the URL Standard, section 5.1, has it, in
 * UTF-8. Parameters that nobody asks for are left alone, as RFC 6749, section 3.2, wants.
 */
public final class FormParameters {
    private static final int MOST = 32;

    private final Map<String, String> values;

    private FormParameters(Map<String, String> values) {
        this.values = values;
    }

    public static FormParameters read(byte[] body) {
        var values = new HashMap<String, String>();
        int start = 0;
        while (start < body.length) {
            int end = indexOf(body, '&', start, body.length);
            if (end > start) {
                int equals = indexOf(body, '=', start, end);
                String name = decoded(body, start, equals);
                if (values.put(name, decoded(body, Math.min(equals + 1, end), end)) != null) {
                    throw invalid("The form holds a parameter more than once.", "Send each parameter once.");
                }
                if (values.size() > MOST) {
                    throw invalid(
                            "The form holds more than %d parameters.".formatted(MOST),
                            "Send token, and consume where the token is to be used up.");
                }
            }
            start = end + 1;
        }
        return new FormParameters(values);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A parameter that must be there and hold something. */
    public String requiredText(String name) {
        return text(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> invalid(
                        "The form has no parameter \"%s\".".formatted(name),
                        "Send it as %s=… in a body of application/x-www-form-urlencoded.".formatted(name)));
    }

    private static int indexOf(byte[] body, char wanted, int from, int end) {
        int at = from;
        while (at < end && body[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String decoded(byte[] body, int from, int end) {
        var out = new ByteArrayOutputStream(end - from);
        for (int i = from; i < end; i++) {
            if (body[i] == '%') {
                int high = i + 2 < end ? Character.digit(body[i + 1], 16) : -1;
                int low = i + 2 < end ? Character.digit(body[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw invalid(
                            "The form holds a % that is not followed by two hex digits.",
                            "Percent-encode the parameters.");
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(body[i] == '+' ? ' ' : body[i]);
            }
        }
        return utf8(out.toByteArray());
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw invalid("The form is not UTF-8.", "Encode the parameters as UTF-8.");
        }
    }

    private static CountersignException invalid(String detail, String hint) {
        return new CountersignException(ProblemCode.REQUEST_INVALID, detail, hint);
    }
}
