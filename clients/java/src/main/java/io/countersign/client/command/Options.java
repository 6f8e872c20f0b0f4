package io.countersign.client.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A command's options: from its arguments, else from the environment as {@code COUNTERSIGN_} and the name. */
final class Options {
    private static final String ON = "true";

    private final Map<String, String> given;
    private final Map<String, String> environment;

    private Options(Map<String, String> given, Map<String, String> environment) {
        this.given = given;
        this.environment = environment;
    }

    /** Somebody must write something else; says what. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;

        UsageException(String what) {
            super(what);
            this.what = what;
        }

        String what() {
            return what;
        }
    }

    /** Reads {@code --name value}, {@code --name=value}, and {@code --name} for switches. */
    static Options read(List<String> words, Set<String> valued, Set<String> switches, Map<String, String> environment)
            throws UsageException {
        var given = new LinkedHashMap<String, String>();
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            String name = word.startsWith("--") ? word.substring(2, equals < 0 ? word.length() : equals) : "";
            if (switches.contains(name) && equals < 0) {
                put(given, name, ON);
            } else if (valued.contains(name) && equals >= 0) {
                put(given, name, word.substring(equals + 1));
            } else if (valued.contains(name) && at + 1 < words.size()) {
                at++;
                put(given, name, words.get(at));
            } else if (valued.contains(name)) {
                throw new UsageException("--" + name + " has no value");
            } else {
                throw new UsageException(word + " is no option of this command");
            }
        }
        return new Options(given, environment);
    }

    private static void put(Map<String, String> given, String name, String value) throws UsageException {
        if (given.put(name, value) != null) {
            throw new UsageException("--" + name + " stands twice");
        }
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(given.get(name))
                .or(() -> Optional.ofNullable(environment.get(variable(name))))
                .filter(value -> !value.isEmpty());
    }

    String demand(String name) throws UsageException {
        return find(name).orElseThrow(() -> new UsageException("--" + name + " is missing; or set " + variable(name)));
    }

    boolean has(String name) {
        return find(name).filter(ON::equals).isPresent();
    }

    Duration seconds(String name, Duration otherwise) throws UsageException {
        OptionalInt seconds = number(name);
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : otherwise;
    }

    OptionalInt number(String name) throws UsageException {
        Optional<String> value = find(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.get().matches("[0-9]{1,6}")) {
            throw new UsageException("--" + name + " takes a whole number up to 999999, not " + value.get());
        }
        return OptionalInt.of(Integer.parseInt(value.get()));
    }

    private static String variable(String name) {
        return "COUNTERSIGN_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
