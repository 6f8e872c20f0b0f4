package io.countersign.examples.kms;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/** One thing that a token has to say. What is absent, or of another JSON type, is not said. */
record Check(
        String code,
        String expected,
        Function<Jwt, @Nullable Object> found,
        Predicate<@Nullable Object> met,
        String hint) {

    /** The claim has exactly this value, of this type. */
    static Check claim(String code, String claim, Object value, String hint) {
        return new Check(code, "%s %s".formatted(claim, value), token -> token.getClaim(claim), value::equals, hint);
    }

    boolean isMet(Jwt token) {
        return met.test(found.apply(token));
    }

    String foundIn(Jwt token) {
        return Objects.toString(found.apply(token), "nothing");
    }
}
