package io.countersign.service.collateral;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Who asks, for the budget of machine certificates never seen: an authenticated caller or a network address. */
public record ClientId(String value) {
    private static final int LONGEST = 256;

    public ClientId {
        // Remembered by the thousand: a caller who may choose a long name must not choose how much memory that takes.
        value = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
    }

    public static ClientId ofPrincipal(String name) {
        return new ClientId("principal " + name);
    }

    /** All of an IPv6 /64 is one client: it is the smallest network that is given out, and holds 2^64 addresses. */
    public static ClientId ofAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        int significant = address instanceof Inet6Address ? 8 : bytes.length;
        return new ClientId("address " + HexFormat.of().formatHex(Arrays.copyOf(bytes, significant)));
    }
}
