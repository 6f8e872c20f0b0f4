package io.countersign.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** The base URL of a service: https, or http to this machine itself. */
public final class ServiceAddress {
    private static final Set<String> OWN_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String text;
    private final Transport transport;

    /** What an address may be reached by. */
    private enum Transport {
        PROTECTED,
        IN_THE_CLEAR
    }

    private ServiceAddress(String text, Transport transport) {
        URI uri = parse(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost();
        boolean plain = scheme.equals("http");
        if (host.isEmpty() || !(plain || scheme.equals("https"))) {
            throw new IllegalArgumentException(text + " is no http or https URL with a host");
        }
        if (uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null
                || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    text + " is not a base URL: leave out user, query, fragment and the slash at its end");
        }
        if (plain && transport == Transport.PROTECTED && !OWN_MACHINE.contains(host)) {
            throw new IllegalArgumentException(text
                    + " is plain http: whoever is on the way could read tokens and replace keys; use https, or http only to this"
                    + " machine");
        }
        this.text = text;
        this.transport = transport;
    }

    /** Throws an {@link IllegalArgumentException} that says what is wrong with the text. */
    public static ServiceAddress of(String url) {
        return new ServiceAddress(url, Transport.PROTECTED);
    }

    /** Plain http to another machine, too: for laboratories, and for networks that something else protects. */
    public static ServiceAddress dangerouslyInTheClear(String url) {
        return new ServiceAddress(url, Transport.IN_THE_CLEAR);
    }

    /** The URL exactly as given. */
    public String text() {
        return text;
    }

    /** Takes a path with its leading slash. */
    public URI at(String path) {
        return URI.create(text + path);
    }

    /**
     * An address that this service names itself. Only one of its own origin is taken, so that nobody who writes a document can
     * send us elsewhere.
     */
    public URI ownUrl(String url) {
        URI uri = parse(new ServiceAddress(url, transport).text());
        URI own = URI.create(text);
        if (!origin(uri).equals(origin(own))) {
            throw new IllegalArgumentException(url + " is not of the origin " + origin(own));
        }
        return uri;
    }

    private static String origin(URI uri) {
        return (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT);
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(text + " is no URL", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
