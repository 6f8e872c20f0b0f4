package io.countersign.service.caller;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.config.CallerConfig;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The register of callers: who shows which secret. The secrets themselves are not known here, only their SHA-256. */
public final class Callers {
    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{64}");

    /** RFC 6750, section 2.1; the name of the scheme in any case, as RFC 9110, section 11.1, has it. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*)");

    private record Entry(Bytes secretSha256, Caller.Known caller) {}

    private final List<Entry> entries;

    /**
     * Reads the register; whatever is wrong with it stops the start, with a sentence that names the key.
     *
     * @param audiences the names that are registered
     */
    public Callers(Map<String, CallerConfig> configured, Set<String> audiences) {
        var read = new ArrayList<Entry>();
        var owners = new HashMap<Bytes, String>();
        configured.forEach((name, entry) -> {
            String key = "countersign.callers." + name;
            Bytes hash = hash(key, entry.secretSha256());
            String other = owners.put(hash, name);
            if (other != null) {
                throw new IllegalArgumentException(
                        "%s.secret-sha256 is the same as that of countersign.callers.%s: give each caller a secret of its own"
                                .formatted(key, other));
            }
            read.add(new Entry(hash, new Caller.Known(name, spokenFor(key, entry.audiences(), audiences))));
        });
        this.entries = List.copyOf(read);
    }

    private static Bytes hash(String key, String text) {
        if (!SHA_256.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + ".secret-sha256 is the SHA-256 of the secret in 64 hex digits, and this is something else");
        }
        return Bytes.fromHex(text);
    }

    private static Set<String> spokenFor(String key, List<String> named, Set<String> registered) {
        if (named.isEmpty()) {
            throw new IllegalArgumentException(key + ".audiences names no audience");
        }
        for (String name : named) {
            if (!registered.contains(name)) {
                throw new IllegalArgumentException(
                        "%s.audiences names the audience \"%s\", and there is no countersign.audiences.%s"
                                .formatted(key, name, name));
            }
        }
        return Set.copyOf(named);
    }

    /**
     * Who sent these header lines named {@code Authorization}. No line is nobody; a line that names nobody known is refused,
     * never taken for nobody. Where no caller is registered nobody is asked, and the header may be for who stands in front.
     */
    public Caller identify(List<String> authorization) {
        if (authorization.isEmpty() || entries.isEmpty()) {
            return new Caller.Anonymous();
        }
        if (authorization.size() > 1) {
            throw unauthenticated("The header Authorization stands in the request more than once.");
        }
        Matcher bearer = BEARER.matcher(authorization.getFirst());
        if (!bearer.matches()) {
            throw unauthenticated("The header Authorization is not \"Bearer\" and a secret.");
        }
        return known(Bytes.utf8(bearer.group(1)).sha256())
                .orElseThrow(() -> unauthenticated("No caller with this secret is registered."));
    }

    /** Compares with every entry, each in constant time, so that how long it takes tells nothing of any hash. */
    private Optional<Caller.Known> known(Bytes secretSha256) {
        Optional<Caller.Known> found = Optional.empty();
        for (Entry entry : entries) {
            if (entry.secretSha256().equals(secretSha256)) {
                found = Optional.of(entry.caller());
            }
        }
        return found;
    }

    /** Whether somebody is registered who speaks for an audience. */
    public Spoken spokenFor(String audience) {
        return entries.stream().anyMatch(entry -> entry.caller().audiences().contains(audience))
                ? Spoken.BY_SOMEBODY
                : Spoken.BY_NOBODY;
    }

    /** Whether there is a caller for an audience. */
    public enum Spoken {
        BY_SOMEBODY,
        BY_NOBODY
    }

    private static CountersignException unauthenticated(String detail) {
        return new CountersignException(
                ProblemCode.UNAUTHENTICATED,
                detail,
                "Send Authorization: Bearer and the secret whose SHA-256 the operator has set as"
                        + " countersign.callers.<name>.secret-sha256, or leave the header out where none is needed.");
    }
}
