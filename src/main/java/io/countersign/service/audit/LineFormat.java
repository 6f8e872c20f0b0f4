package io.countersign.service.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line as bytes: a JSON object in ASCII that begins with its number and ends with two hashes. {@code hash} is the SHA-256 of
 * everything before the comma that precedes it, and {@code prev}, the hash of the line before, is part of that.
 */
public final class LineFormat {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Pattern BEGIN = Pattern.compile("\\{\"v\":1,\"seq\":([1-9][0-9]{0,17}),\"time\":\"[^\"]*\",");
    private static final Pattern END = Pattern.compile(",\"prev\":\"([0-9a-f]{64})\",\"hash\":\"([0-9a-f]{64})\"\\}");
    private static final int HASH_PART = ",\"hash\":\"\"}".length() + 64;
    private static final int END_PART = HASH_PART + ",\"prev\":\"\"".length() + 64;

    private LineFormat() {}

    /** A line with its place in the chain; the bytes end with a line feed. */
    @SuppressWarnings("ArrayRecordComponent") // made for one writer, which only appends them
    record Chained(byte[] bytes, Head head) {}

    /** What the bytes of a line turned out to be. */
    public sealed interface Reading {
        /** Its own hash is right; whether it is the next one is another question. */
        record Whole(Head head, String prev) implements Reading {}

        record Broken(String why) implements Reading {}
    }

    /** Everything of a line but its place, made by whoever asks, so that the one writer has little to do. */
    static byte[] middle(Entry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("time", entry.time().toString());
        members.put("kind", entry.kind().word());
        members.putAll(entry.members());
        try {
            byte[] object = JSON.writeValueAsBytes(members);
            return Arrays.copyOfRange(object, 1, object.length - 1);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("entries of plain values are always JSON", e);
        }
    }

    /** The line that follows that head. */
    static Chained after(Head head, byte[] middle) {
        long seq = head.seq() + 1;
        byte[] begin = ascii("{\"v\":1,\"seq\":" + seq + ",");
        byte[] prev = ascii(",\"prev\":\"" + head.hash() + "\"");
        MessageDigest digest = sha256();
        digest.update(begin);
        digest.update(middle);
        digest.update(prev);
        String hash = HexFormat.of().formatHex(digest.digest());
        byte[] end = ascii(",\"hash\":\"" + hash + "\"}\n");
        byte[] line = new byte[begin.length + middle.length + prev.length + end.length];
        int at = 0;
        for (byte[] part : new byte[][] {begin, middle, prev, end}) {
            System.arraycopy(part, 0, line, at, part.length);
            at += part.length;
        }
        return new Chained(line, new Head(seq, hash));
    }

    /** Reads a line without its line feed. */
    public static Reading read(byte[] line) {
        if (line.length < END_PART) {
            return new Reading.Broken("it is too short for a line of the log");
        }
        // ISO 8859-1 keeps every byte apart, whatever was done to the line.
        Matcher end = END.matcher(new String(line, line.length - END_PART, END_PART, StandardCharsets.ISO_8859_1));
        if (!end.matches()) {
            return new Reading.Broken("it does not end with prev and hash, 64 hex digits each");
        }
        String start = new String(line, 0, Math.min(line.length, 100), StandardCharsets.ISO_8859_1);
        Matcher begin = BEGIN.matcher(start);
        if (!begin.lookingAt()) {
            return new Reading.Broken("it does not begin with {\"v\":1,\"seq\":<number>,\"time\":");
        }
        MessageDigest digest = sha256();
        digest.update(line, 0, line.length - HASH_PART);
        String hash = HexFormat.of().formatHex(digest.digest());
        if (!hash.equals(end.group(2))) {
            return new Reading.Broken("its bytes have the hash %s, and it says %s".formatted(hash, end.group(2)));
        }
        return new Reading.Whole(new Head(Long.parseLong(begin.group(1)), hash), end.group(1));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
