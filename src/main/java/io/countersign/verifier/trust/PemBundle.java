package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Certificates in PEM, one after the other with nothing but white space between them. RFC 7468, section 5. */
public final class PemBundle {
    private static final String STRUCTURE = "PEM certificates";
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Bytes ANY_BEGIN = Bytes.utf8("-----BEGIN");

    private PemBundle() {}

    public static boolean looksLike(Bytes content) {
        return content.startsWith(ANY_BEGIN);
    }

    /** The DER of every certificate, still to be read; more than {@code most} are refused. */
    public static List<Bytes> split(Bytes content, int most) throws MalformedEvidenceException {
        String text = content.toUtf8();
        var found = new ArrayList<Bytes>();
        int at = skipWhiteSpace(text, 0);
        while (at < text.length()) {
            if (!text.startsWith(BEGIN, at)) {
                throw new MalformedEvidenceException(STRUCTURE, at, "expected " + BEGIN);
            }
            int end = text.indexOf(END, at + BEGIN.length());
            if (end < 0) {
                throw new MalformedEvidenceException(STRUCTURE, at, "this block has no " + END);
            }
            if (found.size() == most) {
                throw new MalformedEvidenceException(STRUCTURE, at, "more than " + most + " certificates");
            }
            found.add(decode(text, at + BEGIN.length(), end));
            at = skipWhiteSpace(text, end + END.length());
        }
        return found;
    }

    /** Reads one certificate. */
    @FunctionalInterface
    public interface Reader {
        Certificate read(Bytes der) throws MalformedDerException;
    }

    /** The certificates themselves; more than {@code most} are refused, and so is one that cannot be read. */
    public static List<Certificate> certificates(Bytes content, int most) throws MalformedDerException {
        return certificates(content, most, Certificate::parse);
    }

    /** The same with a reader that may know some of them already. */
    public static List<Certificate> certificates(Bytes content, int most, Reader reader) throws MalformedDerException {
        var certificates = new ArrayList<Certificate>();
        try {
            for (Bytes der : split(content, most)) {
                certificates.add(reader.read(der));
            }
        } catch (MalformedEvidenceException e) {
            throw new MalformedDerException(e.getMessage());
        }
        return certificates;
    }

    private static Bytes decode(String text, int from, int to) throws MalformedEvidenceException {
        byte[] base64 = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isWhiteSpace(c)) {
                // No character beyond ASCII is one of base64: it stays none.
                base64[length++] = (byte) (c < 0x80 ? c : '?');
            }
        }
        try {
            return Bytes.copyOf(Base64.getDecoder().decode(Arrays.copyOf(base64, length)));
        } catch (IllegalArgumentException _) {
            throw new MalformedEvidenceException(STRUCTURE, from, "what stands in this block is not base64");
        }
    }

    private static int skipWhiteSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isWhiteSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
