package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of a JSON document, asked for its members by name and type. Whatever is not exactly as asked is refused with the
 * place where it stands; nothing is converted.
 */
final class JsonObject implements Json {
    /** RFC 3339 in UTC without fractions, as Intel writes every date. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withResolverStyle(ResolverStyle.STRICT);

    private static final int DATE_LENGTH = 20;
    private static final int MOST_DIGITS = 10;

    private final String place;
    private final Map<String, Json> members;
    private final int start;
    private final int end;

    private JsonObject(String place, Map<String, Json> members, int start, int end) {
        this.place = place;
        this.members = members;
        this.start = start;
        this.end = end;
    }

    /**
     * An object as the reader found it.
     *
     * @param start the offset of its brace
     * @param end the offset behind its closing brace
     */
    static JsonObject at(int start, int end, Map<String, Json> members) {
        return new JsonObject("", Map.copyOf(members), start, end);
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int size() {
        return members.size();
    }

    Iterable<String> names() {
        return members.keySet();
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    @Override
    public String shown() {
        return "an object";
    }

    /** This object under a name, which messages then begin with. */
    JsonObject placed(String where) {
        return new JsonObject(where, members, start, end);
    }

    JsonObject object(String name) throws MalformedCollateralException {
        return asObject(member(name, "an object"), place(name));
    }

    Optional<JsonObject> objectIfAny(String name) throws MalformedCollateralException {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    /** The objects of an array. */
    List<JsonObject> objects(String name) throws MalformedCollateralException {
        List<Json> values = items(name);
        var objects = new ArrayList<JsonObject>(values.size());
        for (int i = 0; i < values.size(); i++) {
            objects.add(asObject(values.get(i), place(name) + "/" + i));
        }
        return objects;
    }

    /** The strings of an array that may be absent, which then counts as empty. */
    List<String> textsIfAny(String name) throws MalformedCollateralException {
        if (!has(name)) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (Json value : items(name)) {
            if (!(value instanceof Text text)) {
                throw refusal(name, "holds " + value.shown(), "an array of strings");
            }
            texts.add(printable(name, text.value()));
        }
        return texts;
    }

    /** An integer written as digits only: no sign, fraction, exponent or quotation marks, and no wrapping round. */
    int integer(String name, int most) throws MalformedCollateralException {
        String expected = "an integer from 0 to " + most;
        Json value = member(name, expected);
        if (value instanceof Digits digits
                && !digits.value().startsWith("-")
                && digits.value().length() <= MOST_DIGITS
                && Long.parseLong(digits.value()) <= most) {
            return Integer.parseInt(digits.value());
        }
        throw refusal(name, "is " + value.shown(), expected);
    }

    /** A string of printable ASCII. */
    String text(String name) throws MalformedCollateralException {
        Json value = member(name, "a string");
        if (value instanceof Text text) {
            return printable(name, text.value());
        }
        throw refusal(name, "is " + value.shown(), "a string");
    }

    Optional<String> textIfAny(String name) throws MalformedCollateralException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** Exactly so many bytes in hex digits of either case. */
    Bytes hex(String name, int length) throws MalformedCollateralException {
        String text = text(name);
        if (text.length() != 2 * length || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw refusal(
                    name,
                    "is \"%s\" (%d characters)".formatted(Printable.shortened(text), text.length()),
                    2 * length + " hex digits");
        }
        return Bytes.fromHex(text);
    }

    Instant instant(String name) throws MalformedCollateralException {
        String text = text(name);
        try {
            if (text.length() == DATE_LENGTH) {
                return LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw refusal(
                name, "is \"" + Printable.shortened(text) + "\"", "a date in UTC, as in \"2026-08-13T10:45:38Z\"");
    }

    /** Refuses a member that must not be here. */
    void without(String name, String why) throws MalformedCollateralException {
        if (has(name)) {
            throw new MalformedCollateralException(place(name) + " is there; " + why);
        }
    }

    /** A refusal of one member: what it is, and what was expected. */
    MalformedCollateralException refusal(String name, String what, String expected) {
        return new MalformedCollateralException("%s %s; %s was expected".formatted(place(name), what, expected));
    }

    private List<Json> items(String name) throws MalformedCollateralException {
        Json value = member(name, "an array");
        if (value instanceof Items items) {
            return items.values();
        }
        throw refusal(name, "is " + value.shown(), "an array");
    }

    private Json member(String name, String expected) throws MalformedCollateralException {
        Json value = members.get(name);
        if (value == null) {
            throw refusal(name, "is missing", expected);
        }
        return value;
    }

    private String printable(String name, String text) throws MalformedCollateralException {
        if (!Printable.isPrintable(text)) {
            throw refusal(name, "is \"" + Printable.shortened(text) + "\"", "printable ASCII");
        }
        return text;
    }

    private static JsonObject asObject(Json value, String where) throws MalformedCollateralException {
        if (value instanceof JsonObject object) {
            return object.placed(where);
        }
        throw new MalformedCollateralException("%s is %s; an object was expected".formatted(where, value.shown()));
    }

    private String place(String name) {
        return place.isEmpty() ? name : place + "/" + name;
    }
}
