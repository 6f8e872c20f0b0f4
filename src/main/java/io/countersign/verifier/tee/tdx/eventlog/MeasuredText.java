package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes of an event as text, where they are text and nothing else: no image, archive or table passes for a command line by
 * being renamed.
 */
final class MeasuredText {
    /** The longest text that becomes a claim; the longest command line that Linux takes is half of it on most systems. */
    static final int MAX_LENGTH = 4096;

    private MeasuredText() {}

    static Optional<String> of(Bytes bytes) {
        if (bytes.length() == 0 || bytes.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return text.codePoints().allMatch(MeasuredText::isReadable) ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException _) { // not text: an answer, not a fault
            return Optional.empty();
        }
    }

    /** The text before the first zero byte; everything when there is none. */
    static Bytes upToZero(Bytes bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.u8(i) == 0) {
                return bytes.slice(0, i);
            }
        }
        return bytes;
    }

    /** Neither control characters nor what turns the direction of text around, which would make a claim read wrongly. */
    private static boolean isReadable(int codePoint) {
        return codePoint == '\n'
                || codePoint == '\t'
                || Character.getType(codePoint) != Character.CONTROL
                        && Character.getType(codePoint) != Character.FORMAT
                        && Character.isDefined(codePoint);
    }
}
