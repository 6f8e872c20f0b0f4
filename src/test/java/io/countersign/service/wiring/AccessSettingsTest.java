package io.countersign.service.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.nimbusds.jose.jwk.Curve;
import io.countersign.service.access.Issuer;
import io.countersign.service.access.IssuerTokens;
import io.countersign.service.access.IssuerTokens.Origin;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.CallerEntry;
import io.countersign.service.caller.Callers;
import io.countersign.service.config.AccessConfig;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops the start, and what is said at it. */
class AccessSettingsTest {
    private static final String OWN = "https://countersign.example";

    private record Oidc(
            Optional<String> issuer,
            Optional<String> audience,
            Optional<String> jwksUrl,
            Optional<Path> jwksFile,
            Optional<Path> caCertificates,
            Duration jwksMaxAge,
            Duration jwksKeep)
            implements AccessConfig.Oidc {
        static Oidc of(String issuer, String audience, String url, String file) {
            return new Oidc(
                    some(issuer),
                    some(audience),
                    some(url),
                    some(file).map(Path::of),
                    Optional.empty(),
                    Duration.ofMinutes(10),
                    Duration.ofHours(24));
        }

        private static Optional<String> some(String text) {
            return Optional.of(text).filter(each -> !each.isEmpty());
        }

        Oidc aged(Duration age, Duration kept) {
            return new Oidc(issuer, audience, jwksUrl, jwksFile, caCertificates, age, kept);
        }

        Oidc believing(Path pem) {
            return new Oidc(issuer, audience, jwksUrl, jwksFile, Optional.of(pem), jwksMaxAge, jwksKeep);
        }
    }

    private static Callers callers(CallerEntry... entries) {
        var all = new java.util.TreeMap<String, io.countersign.service.config.CallerConfig>();
        for (CallerEntry entry : entries) {
            all.put("c" + all.size(), entry.with("attest"));
        }
        return new Callers(all, Set.of(), AccessRules.of(Optional.empty(), all));
    }

    private static Optional<IssuerTokens> made(Oidc oidc, OidcSettings.Network network) {
        return OidcSettings.of(
                oidc,
                callers(),
                new OidcSettings.Surroundings(OWN, network),
                _ -> Origin.ELSEWHERE,
                InstantSource.system());
    }

    private static String why(Oidc oidc) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> made(oidc, OidcSettings.Network.ALLOWED))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'', aud, '', '', issuer is not set",
        "'', '', https://i.example/keys, '', issuer is not set",
        "https://i.example, '', https://i.example/keys, '', audience is not",
        "https://i.example, aud, '', '', jwks-url",
        "https://i.example, aud, https://i.example/keys, keys.json, jwks-file",
        "https://i.example, aud, http://i.example/keys, '', https://",
        "https://i.example, aud, file:///etc/keys, '', https://",
        "https://i.example, aud, keys, '', https://",
        "https://i.example, aud, 'https://i .example', '', no address",
        "https://i.example, aud, https://u:p@i.example/keys, '', https://",
        "https://i.example, aud, http://127.0.0.1.example/keys, '', https://",
        "https://i.example, aud, '', /nowhere/keys.json, cannot be read",
        "https://countersign.example, aud, https://i.example/keys, '', this service itself",
        "https://countersign.example/insecure, aud, https://i.example/keys, '', this service itself",
    })
    void anIssuerThatIsHalfSaidOrUnsafeStopsTheStart(
            String issuer, String audience, String url, String file, String expected) {
        String why = why(Oidc.of(issuer, audience, url, file));
        assertTrue(why.contains(expected) && why.contains("countersign.access.oidc."), why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://i.example/keys", "http://127.0.0.1:8080/keys", "http://localhost/keys", "http://[::1]/k"
            })
    void anAddressIsHttpsOrHere(String url) {
        assertTrue(made(Oidc.of("https://i.example", "aud", url, ""), OidcSettings.Network.ALLOWED)
                .isPresent());
    }

    @Test
    void whoNeverLeavesTheMachineHasTheKeysInAFile(@TempDir Path folder) throws IOException {
        Oidc elsewhere = Oidc.of("https://i.example", "aud", "https://i.example/keys", "");
        String why = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> made(elsewhere, OidcSettings.Network.NEVER_LEFT))
                        .getMessage());
        assertTrue(why.contains("countersign.collateral.offline") && why.contains("jwks-file"), why);
        Path file = Files.writeString(folder.resolve("jwks.json"), Issuer.jwks(Issuer.ec(Curve.P_256, "a")));
        Oidc inFile = Oidc.of("https://i.example", "aud", "", file.toString());
        assertTrue(made(inFile, OidcSettings.Network.NEVER_LEFT).isPresent());
        Files.writeString(file, "{\"keys\":[]}");
        assertTrue(why(inFile).contains("jwks-file: the document holds no public key"), () -> why(inFile));
    }

    @Test
    void agesHaveBounds() {
        Oidc good = Oidc.of("https://i.example", "aud", "https://i.example/keys", "");
        assertTrue(why(good.aged(Duration.ofSeconds(59), Duration.ofHours(1))).contains("jwks-max-age"));
        assertTrue(why(good.aged(Duration.ofHours(25), Duration.ofHours(26))).contains("jwks-max-age"));
        assertTrue(why(good.aged(Duration.ofHours(2), Duration.ofHours(1))).contains("jwks-keep"));
        assertTrue(why(good.aged(Duration.ofHours(2), Duration.ofDays(8))).contains("jwks-keep"));
    }

    @Test
    void authoritiesAreAFileOfCertificates(@TempDir Path folder) throws IOException {
        Oidc good = Oidc.of("https://i.example", "aud", "https://i.example/keys", "");
        assertTrue(why(good.believing(folder.resolve("absent.pem"))).contains("ca-certificates"));
        assertTrue(why(good.believing(Files.writeString(folder.resolve("empty.pem"), "")))
                .contains("ca-certificates"));
    }

    @Test
    void aSubjectWithoutAnIssuerStopsTheStart() {
        Callers callers = callers(CallerEntry.ofSubject("a"));
        assertTrue(String.valueOf(assertThrows(
                                IllegalArgumentException.class,
                                () -> OidcSettings.of(
                                        Oidc.of("", "", "", ""),
                                        callers,
                                        new OidcSettings.Surroundings(OWN, OidcSettings.Network.ALLOWED),
                                        _ -> Origin.ELSEWHERE,
                                        InstantSource.system()))
                        .getMessage())
                .contains("oidc-subject"));
    }

    @Test
    void certificatesAreAskedForWhereSomebodyIsKnownByOne() {
        Callers some = callers(CallerEntry.ofCertificates(List.of("0f".repeat(32)), List.of(), List.of()));
        assertEquals(ClientAuth.REQUEST, ClientCertificates.wanted("request", some));
        assertEquals(ClientAuth.REQUIRED, ClientCertificates.wanted("required", some));
        assertEquals(ClientAuth.NONE, ClientCertificates.wanted("request", callers()));
        for (Map.Entry<String, Callers> bad : List.of(Map.entry("required", callers()), Map.entry("none", some))) {
            assertTrue(String.valueOf(assertThrows(
                                    IllegalArgumentException.class,
                                    () -> ClientCertificates.wanted(bad.getKey(), bad.getValue()))
                            .getMessage())
                    .contains("countersign.access.client-certificates"));
        }
    }

    @Test
    void certificatesWithoutAnAuthorityStopTheStart() {
        var certificates = new ClientCertificates(ClientAuth.REQUEST);
        assertTrue(String.valueOf(assertThrows(
                                IllegalArgumentException.class,
                                () -> certificates.customizeHttpsServer(new HttpServerOptions()))
                        .getMessage())
                .contains("quarkus.tls.trust-store.pem.certs"));
        var trusting = new HttpServerOptions().setTrustOptions(new PemTrustOptions().addCertPath("ca.pem"));
        certificates.customizeHttpsServer(trusting);
        assertEquals(ClientAuth.REQUEST, trusting.getClientAuth());
    }

    @ParameterizedTest
    @CsvSource({
        "r--------, ''",
        "rw-------, ''",
        "r--r-----, GROUP_READ",
        "r-----r--, OTHERS_READ",
        "rw--w----, GROUP_WRITE",
        "r------w-, OTHERS_WRITE",
    })
    void aSecretThatIsOpenToOthersIsSaid(String permissions, String open, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Optional<String> warning = new SecretFiles("quarkus.tls.key-store.pem.0.key", file, "so").warning();
        assertEquals(!open.isEmpty(), warning.isPresent());
        warning.ifPresent(said -> assertTrue(
                said.contains(open)
                        && said.contains("quarkus.tls.key-store.pem.0.key")
                        && said.contains(file.toString()),
                said));
    }

    /** A mounted Secret is root's, and this process reads it through its group. */
    @Test
    void whatSomebodyElseOwnsMayBeReadByTheGroup(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        try {
            Files.setAttribute(file, "unix:uid", 65534);
        } catch (IOException | UnsupportedOperationException _) {
            abort("only root can give a file away");
        }
        assertFalse(new SecretFiles("x", file, "so").warning().isPresent());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertTrue(new SecretFiles("x", file, "so").warning().isPresent());
    }
}
