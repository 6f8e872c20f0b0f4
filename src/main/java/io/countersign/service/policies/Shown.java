package io.countersign.service.policies;

/** Names as they are logged and answered: no character of a file's name may end a line or hide another. */
final class Shown {
    private Shown() {}

    /** The name; whatever is not plainly visible, and the two characters that have a meaning here, as {@code \\u….}. */
    static String name(String raw) {
        var text = new StringBuilder();
        raw.codePoints().forEach(character -> {
            boolean plain = Character.isLetterOrDigit(character)
                    || "/._-+ ()[]@,=~#%&!".indexOf(character) >= 0 && character < 0x80;
            if (plain) {
                text.appendCodePoint(character);
            } else {
                text.append("\\u{%x}".formatted(character));
            }
        });
        return text.toString();
    }
}
