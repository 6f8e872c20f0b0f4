package io.countersign.service.caller;

import io.countersign.service.config.CallerConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether roles are asked for, and which ones everybody has. */
public sealed interface AccessRules {
    /** No caller has roles, and nothing is said about everybody: whoever reaches the service may do everything. */
    record Open() implements AccessRules {}

    /** Every route asks for its role. */
    record ByRole(Set<Role> everybody) implements AccessRules {
        public ByRole {
            everybody = Set.copyOf(everybody);
        }
    }

    /** What one may do who does not say who he is. */
    default Set<Role> everybody() {
        return switch (this) {
            case Open _ -> Role.all();
            case ByRole(var roles) -> roles;
        };
    }

    /** Reads {@code countersign.access.anonymous}, whose absence is read from whether some caller has roles. */
    static AccessRules of(Optional<List<String>> anonymous, Map<String, CallerConfig> callers) {
        if (anonymous.isPresent()) {
            return new ByRole(everybody(anonymous.get()));
        }
        boolean someRole =
                callers.values().stream().anyMatch(caller -> caller.roles().isPresent());
        return someRole ? new ByRole(Set.of()) : new Open();
    }

    private static Set<Role> everybody(List<String> words) {
        return words.equals(List.of("none"))
                ? Set.of()
                : roles("countersign.access.anonymous", words, ", or none alone");
    }

    /**
     * Reads words for roles.
     *
     * @param key what a message names
     * @param besides what else may stand there, for the message
     */
    static Set<Role> roles(String key, List<String> words, String besides) {
        var roles = EnumSet.noneOf(Role.class);
        for (String word : words) {
            roles.add(Role.named(word)
                    .orElseThrow(() -> new IllegalArgumentException("%s names the role \"%s\"; roles are %s%s"
                            .formatted(key, word, Role.words(Role.all()), besides))));
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s names no role; roles are %s%s".formatted(key, Role.words(Role.all()), besides));
        }
        return roles;
    }
}
