package io.countersign.imports;

import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** SHA-384 digests as tools print them: 96 hex digits, or base64 of 48 bytes. */
final class Sha384 {
    private static final int LENGTH = 48;
    private static final int BASE64_LENGTH = 64;

    static final String EXPECTED = "96 hex digits, or base64 of 48 bytes";

    /** Before the digest itself: {@code 0x}, {@code sha384:}, {@code sha384-}. */
    private static final Pattern PREFIX = Pattern.compile("(?i)^(?:sha-?384[:-])?(?:0x)?");

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9_-]+={0,2}");
    private static final Pattern LONG_WORD =
            Pattern.compile("(?<![A-Za-z0-9+/_-])(?:0[xX])?[A-Za-z0-9+/_-]{24,512}={0,2}(?![A-Za-z0-9+/=_-])");

    private Sha384() {}

    /**
     * Reads one digest, and notes what was changed about it.
     *
     * @param place such as {@code line 3}
     */
    static String read(String file, String place, String text, List<String> notes) throws ImportException {
        String digits = PREFIX.matcher(text.strip()).replaceFirst("");
        if (HEX.matcher(digits).matches()) {
            if (digits.length() != 2 * LENGTH) {
                throw new ImportException(
                        file,
                        place,
                        "it has %d hex digits%s; a SHA-384 has 96. Expected %s."
                                .formatted(digits.length(), resembles(digits.length()), EXPECTED));
            }
            if (!digits.equals(digits.toLowerCase(Locale.ROOT))) {
                notes.add("%s was in upper case and is written in lower case, as claims are".formatted(place));
            }
            return notZero(file, place, Bytes.fromHex(digits));
        }
        if (BASE64.matcher(digits).matches()) {
            try {
                Bytes bytes = Bytes.copyOf(
                        Base64.getDecoder().decode(digits.replace('-', '+').replace('_', '/')));
                if (bytes.length() == LENGTH) {
                    notes.add("%s was in base64 and is written in hex".formatted(place));
                    return notZero(file, place, bytes);
                }
                throw new ImportException(
                        file,
                        place,
                        "\"%s\" is base64 of %d bytes at best; a SHA-384 has 48. Expected %s."
                                .formatted(Printable.line(digits, 40), bytes.length(), EXPECTED));
            } catch (IllegalArgumentException _) {
                // Said below, like everything that is neither.
            }
        }
        throw new ImportException(
                file,
                place,
                "\"%s\" is no SHA-384. Expected %s.".formatted(Printable.line(text.strip(), 40), EXPECTED));
    }

    private static String notZero(String file, String place, Bytes digest) throws ImportException {
        if (digest.isAllZero()) {
            throw new ImportException(
                    file,
                    place,
                    "a digest of zeros means that nothing was measured or signed, and pins nothing. Remove it.");
        }
        return digest.toString();
    }

    private static String resembles(int digits) {
        return switch (digits) {
            case 40 -> " (a SHA-1 has as many)";
            case 64 -> " (a SHA-256 has as many)";
            case 128 -> " (a SHA-512 has as many)";
            default -> "";
        };
    }

    /** Where in a line something stands that was meant as a digest, right or wrong. */
    static List<MatchResult> candidates(String line) {
        return LONG_WORD
                .matcher(line)
                .results()
                .filter(found -> meantAsDigest(found.group()))
                .toList();
    }

    /** Hex that is long enough, or what only base64 of exactly 48 bytes looks like; long names are neither. */
    static boolean meantAsDigest(String word) {
        String digits = PREFIX.matcher(word).replaceFirst("");
        if (HEX.matcher(digits).matches()) {
            return digits.length() >= 32;
        }
        return digits.length() == BASE64_LENGTH
                && BASE64.matcher(digits).matches()
                && digits.chars().anyMatch(Character::isDigit)
                && digits.chars().anyMatch(Character::isUpperCase)
                && digits.chars().anyMatch(Character::isLowerCase);
    }
}
