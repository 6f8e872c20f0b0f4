package io.countersign.client.release;

import java.util.regex.Pattern;

/** A secret's name, which becomes a part of a URL. */
public record SecretName(String text) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public SecretName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a secret's name is 1 to 128 letters, digits, dots, underscores and hyphens, beginning with a letter or"
                            + " digit");
        }
    }
}
