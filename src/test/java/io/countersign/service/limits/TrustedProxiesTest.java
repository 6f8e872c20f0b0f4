package io.countersign.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.limits.TrustedProxies.Header;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final List<String> NETWORKS = List.of("10.0.0.0/8", " 192.0.2.7 ", "2001:db8:1::/48");

    private static String origin(Header header, String peer, String... lines) {
        return new TrustedProxies(NETWORKS, header)
                .origin(InetAddress.ofLiteral(peer), Arrays.asList(lines))
                .getHostAddress();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.1.1 | 203.0.113.9 | 203.0.113.9",
                "10.1.1.1 | 203.0.113.9:4711 | 203.0.113.9",
                "10.1.1.1 | 6.6.6.6, 203.0.113.9 | 203.0.113.9",
                "10.1.1.1 | 6.6.6.6,10.9.9.9 , 203.0.113.9,10.2.2.2 | 203.0.113.9",
                "10.1.1.1 | 10.9.9.9, 10.2.2.2 | 10.9.9.9",
                "10.1.1.1 | unknown | 10.1.1.1",
                "10.1.1.1 | 6.6.6.6, evil.example | 10.1.1.1",
                "10.1.1.1 | 6.6.6.6, 999.1.1.1 | 10.1.1.1",
                "10.1.1.1 | 6.6.6.6, 10.2.2.2, nonsense, 10.3.3.3 | 10.3.3.3",
                "10.1.1.1 | 6.6.6.6, | 10.1.1.1",
                "10.1.1.1 | '' | 10.1.1.1",
                "192.0.2.7 | 203.0.113.9 | 203.0.113.9",
                "192.0.2.8 | 203.0.113.9 | 192.0.2.8",
                "11.0.0.1 | 203.0.113.9 | 11.0.0.1",
                "2001:db8:1:ffff::1 | 2001:db8:2::5 | 2001:db8:2:0:0:0:0:5",
                "2001:db8:1:ffff::1 | [2001:db8:2::5]:443 | 2001:db8:2:0:0:0:0:5",
                "2001:db8:2::1 | 203.0.113.9 | 2001:db8:2:0:0:0:0:1",
            })
    void theNearestStrangerIsTheClient(String peer, String line, String client) {
        assertEquals(client, origin(Header.X_FORWARDED_FOR, peer, line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.9 | 203.0.113.9",
                "For=\"203.0.113.9:4711\";proto=https;by=10.0.0.1 | 203.0.113.9",
                "proto=https;for=203.0.113.9 | 203.0.113.9",
                "for=6.6.6.6, for=203.0.113.9 | 203.0.113.9",
                "for=\"[2001:db8:2::5]:4711\" | 2001:db8:2:0:0:0:0:5",
                "for=\"[2001:db8:2::5]\" | 2001:db8:2:0:0:0:0:5",
                "for=6.6.6.6, for=_hidden | 10.1.1.1",
                "for=6.6.6.6, for=unknown | 10.1.1.1",
                "for=6.6.6.6, proto=https | 10.1.1.1",
                "for=\"6.6.6.6, for=203.0.113.9 | 203.0.113.9",
                "forfor=6.6.6.6 | 10.1.1.1",
                "203.0.113.9 | 10.1.1.1",
            })
    void theHeaderOfRfc7239IsReadAlike(String line, String client) {
        assertEquals(client, origin(Header.FORWARDED, "10.1.1.1", line));
    }

    @Test
    void severalLinesAreOneList() {
        assertEquals("203.0.113.9", origin(Header.X_FORWARDED_FOR, "10.1.1.1", "6.6.6.6", "203.0.113.9", "10.2.2.2"));
        assertEquals("10.1.1.1", origin(Header.X_FORWARDED_FOR, "10.1.1.1"));
    }

    @Test
    void aListWithoutEndIsReadForAWhile() {
        assertEquals("10.5.5.5", origin(Header.X_FORWARDED_FOR, "10.1.1.1", "6.6.6.6" + ",10.5.5.5".repeat(1_000)));
        assertEquals("10.1.1.1", origin(Header.X_FORWARDED_FOR, "10.1.1.1", ",".repeat(15_000)));
        assertEquals("10.1.1.1", origin(Header.FORWARDED, "10.1.1.1", "for=".repeat(4_000)));
    }

    @Test
    void withoutProxiesNobodyIsBelieved() {
        var none = new TrustedProxies(List.of(), Header.X_FORWARDED_FOR);
        var peer = InetAddress.ofLiteral("127.0.0.1");
        assertEquals(peer, none.origin(peer, List.of("203.0.113.9")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "/8"})
    void aNetworkThatIsNoneStopsTheStart(String network) {
        String said = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> new TrustedProxies(List.of(network), Header.X_FORWARDED_FOR))
                .getMessage());
        assertTrue(said.contains("countersign.limits.trusted-proxies"), said);
    }
}
