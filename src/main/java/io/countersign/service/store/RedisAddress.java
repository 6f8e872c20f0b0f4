package io.countersign.service.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a Redis is and how to log in: {@code redis[s]://[[user]:password@]host[:port][/database]}.
 *
 * @param user the ACL user; the default one where it is absent
 */
public record RedisAddress(
        Transport transport, String host, int port, Optional<String> user, Optional<String> password, int database) {
    private static final int USUAL_PORT = 6379;
    private static final String FORM =
            "countersign.redis-url is not of the form redis://user:password@host:port/database, or rediss:// for TLS,"
                    + " with special characters of user and password percent-encoded: ";

    /** How the bytes travel. */
    public enum Transport {
        PLAIN,
        TLS
    }

    /** Reads the setting; what is wrong is said without repeating it, since it may hold a password. */
    public static RedisAddress parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException(FORM + "it is no URL");
        }
        Transport transport =
                switch (String.valueOf(uri.getScheme())) {
                    case "redis" -> Transport.PLAIN;
                    case "rediss" -> Transport.TLS;
                    default ->
                        throw new IllegalArgumentException(FORM + "it begins with neither redis:// nor rediss://");
                };
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException(FORM + "it names no host");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(FORM + "it has a part after ? or #");
        }
        String login = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
        int colon = login.indexOf(':');
        if (colon < 0 && !login.isEmpty()) {
            throw new IllegalArgumentException(FORM + "it has a user and no password");
        }
        return new RedisAddress(
                transport,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                colon > 0 ? Optional.of(decoded(login.substring(0, colon))) : Optional.empty(),
                colon < 0 ? Optional.empty() : Optional.of(decoded(login.substring(colon + 1))),
                database(uri.getPath()));
    }

    private static int database(String path) {
        String name = path == null ? "" : path.replaceFirst("^/", "");
        if (!name.matches("[0-9]{0,4}")) {
            throw new IllegalArgumentException(FORM + "its path is no number of a database");
        }
        return name.isEmpty() ? 0 : Integer.parseInt(name);
    }

    /** A plus is a plus here: only forms write a space so. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the login, for logs. */
    @Override
    public String toString() {
        return "%s:%d/%d".formatted(host, port, database);
    }
}
