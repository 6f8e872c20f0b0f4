package io.countersign.service.limits;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request comes from that passed through proxies. Each proxy writes, to the right of what it was given, whom it was
 * given it by. So the list is read from the right: as long as who says something is trusted, the next one counts; what a
 * stranger wrote is never looked at.
 */
public final class TrustedProxies {
    /** Which header the proxies write. */
    public enum Header {
        X_FORWARDED_FOR("X-Forwarded-For"),
        /** RFC 7239. */
        FORWARDED("Forwarded");

        private final String header;

        Header(String header) {
            this.header = header;
        }

        /** As it stands in requests. */
        public String header() {
            return header;
        }
    }

    /** More proxies than this stand nowhere; what is left of them is not read. */
    private static final int MOST = 32;

    /** RFC 7239, section 4: {@code for} is a token or a quoted text. */
    private static final Pattern FOR =
            Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(?:\"([^\"]*)\"|([^;\"\\s]*))", Pattern.CASE_INSENSITIVE);

    /** RFC 7239, section 6: an IPv6 address stands in brackets, and a port may follow; elsewhere it stands bare. */
    private static final Pattern NODE = Pattern.compile(
            "\\[([0-9A-Fa-f:.]+)](?::.*)?|((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?::.*)?|([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)");

    private final List<Network> trusted;
    private final Header header;

    /** Takes the networks as the operator wrote them; what is none is said with the key's name. */
    public TrustedProxies(List<String> networks, Header header) {
        this.trusted = networks.stream().map(Network::read).toList();
        this.header = header;
    }

    /** Which header of requests to hand to {@link #origin}. */
    public Header header() {
        return header;
    }

    /**
     * The address of the client.
     *
     * @param peer who made the connection
     * @param lines of the header, in order; looked at only where the peer is trusted
     */
    public InetAddress origin(InetAddress peer, List<String> lines) {
        if (!trusts(peer)) {
            return peer;
        }
        InetAddress nearest = peer;
        List<String> entries = entries(lines);
        for (int i = entries.size() - 1; i >= Math.max(0, entries.size() - MOST); i--) {
            Optional<InetAddress> before = address(entries.get(i));
            if (before.isEmpty()) {
                // "unknown", a name or nonsense: then the proxy that said so is as near as we get.
                return nearest;
            }
            nearest = before.get();
            if (!trusts(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private boolean trusts(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.holds(address));
    }

    private static List<String> entries(List<String> lines) {
        var entries = new ArrayList<String>();
        for (String line : lines) {
            int from = 0;
            while (from <= line.length()) {
                int comma = line.indexOf(',', from);
                int end = comma < 0 ? line.length() : comma;
                entries.add(line.substring(from, end).strip());
                from = end + 1;
            }
        }
        return entries;
    }

    private Optional<InetAddress> address(String entry) {
        return switch (header) {
            case X_FORWARDED_FOR -> node(entry);
            case FORWARDED -> {
                Matcher parameter = FOR.matcher(entry);
                yield parameter.find()
                        ? node(Optional.ofNullable(parameter.group(1)).orElseGet(() -> parameter.group(2)))
                        : Optional.empty();
            }
        };
    }

    private static Optional<InetAddress> node(String text) {
        Matcher node = NODE.matcher(text);
        if (!node.matches()) {
            return Optional.empty();
        }
        for (int group = 1; group <= node.groupCount(); group++) {
            String address = node.group(group);
            if (address != null) {
                return Network.literal(address);
            }
        }
        return Optional.empty();
    }

    /** A network of addresses that begin alike. */
    private record Network(InetAddress address, int prefix) {
        static Network read(String text) {
            String written = text.strip();
            int slash = written.indexOf('/');
            Optional<InetAddress> address = literal(slash < 0 ? written : written.substring(0, slash));
            if (address.isPresent()) {
                int bits = address.get().getAddress().length * 8;
                int prefix = slash < 0 ? bits : number(written.substring(slash + 1));
                if (prefix >= 0 && prefix <= bits) {
                    return new Network(address.get(), prefix);
                }
            }
            throw new IllegalArgumentException(
                    "countersign.limits.trusted-proxies holds \"%s\"; an address or a network such as 10.0.0.0/8 was expected"
                            .formatted(written));
        }

        private static int number(String text) {
            return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        }

        /** Never looks a name up. */
        static Optional<InetAddress> literal(String text) {
            try {
                return Optional.of(InetAddress.ofLiteral(text));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        boolean holds(InetAddress other) {
            byte[] ours = address.getAddress();
            byte[] theirs = other.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
