package io.countersign.service.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.countersign.service.access.IssuerTokens.Judged;
import io.countersign.service.access.IssuerTokens.Origin;
import io.countersign.testkit.TlsAuthority;
import io.countersign.testkit.TlsAuthority.Wish;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of an issuer that answers over HTTP, well and badly, or that stand in a file. */
class KeySourcesTest {
    private final ECKey key = Issuer.ec(Curve.P_256, "one");
    private final AtomicReference<String> published = new AtomicReference<>(Issuer.jwks(key));
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        server.createContext("/keys", exchange -> answer(exchange, 200, published.get()));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/keys");
            answer(exchange, 302, "");
        });
        server.createContext("/broken", exchange -> answer(exchange, 500, "a stack trace"));
        server.createContext("/long", exchange -> answer(exchange, 200, " ".repeat(600 * 1024)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange, int status, String text) throws IOException {
        asked.incrementAndGet();
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private IssuerKeys.Source at(String path) {
        return KeySources.address(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), Optional.empty());
    }

    private static String why(IssuerKeys.Source source) {
        return String.valueOf(assertThrows(IOException.class, source::read).getMessage());
    }

    @Test
    void keysOfAServerAreReadAndItsRotationIsFollowed() {
        var now = new AtomicReference<>(Instant.now());
        var tokens = new IssuerTokens(
                new IssuerTokens.Terms(Issuer.NAME, Issuer.AUDIENCE),
                new IssuerKeys(at("/keys"), Duration.ofMinutes(10), Duration.ofHours(24), now::get),
                _ -> Origin.ELSEWHERE,
                now::get);
        var claims = Issuer.claims(now.get()).build();
        assertEquals(new Judged.Subject(Issuer.SUBJECT), tokens.judge(Issuer.sign(JWSAlgorithm.ES256, key, claims)));
        ECKey next = Issuer.ec(Curve.P_256, "two");
        published.set(Issuer.jwks(key, next));
        now.set(now.get().plusSeconds(31));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), tokens.judge(Issuer.sign(JWSAlgorithm.ES256, next, claims)));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), tokens.judge(Issuer.sign(JWSAlgorithm.ES256, key, claims)));
        assertEquals(2, asked.get());
    }

    @Test
    void aRedirectIsNotFollowed() {
        assertTrue(why(at("/moved")).contains("answered 302"));
        assertEquals(1, asked.get());
    }

    @Test
    void whatIsNoAnswerSaysWhyAndRepeatsNothingOfIt() {
        String why = why(at("/broken"));
        assertTrue(why.contains("answered 500"), why);
        assertFalse(why.contains("stack trace"), why);
        assertTrue(why(at("/long")).contains("more than is read"));
        server.stop(0);
        assertTrue(why(at("/keys")).contains("could not be reached"));
    }

    @Test
    void anAuthorityThatIsNotNamedIsNotBelieved() throws IOException, GeneralSecurityException {
        var authority = new TlsAuthority("issuer ca");
        var holder = authority.make(Wish.server());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", holder.key(), new char[0], new Certificate[] {holder.certificate()});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        var secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        secure.createContext("/keys", exchange -> answer(exchange, 200, published.get()));
        secure.start();
        try {
            URI address = URI.create("https://localhost:" + secure.getAddress().getPort() + "/keys");
            assertTrue(why(KeySources.address(address, Optional.empty())).contains("ca-certificates"));
            var believing = TlsAuthority.client(authority.certificate(), Optional.empty());
            assertEquals(
                    published.get(),
                    KeySources.address(address, Optional.of(believing)).read());
            var other = TlsAuthority.client(new TlsAuthority("other").certificate(), Optional.empty());
            assertTrue(why(KeySources.address(address, Optional.of(other))).contains("over TLS"));
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void aFileIsReadAnewAndItsAbsenceIsSaid(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("jwks.json");
        assertTrue(why(KeySources.file(file)).contains("cannot be read"));
        Files.writeString(file, published.get());
        assertEquals(published.get(), KeySources.file(file).read());
        Files.writeString(file, "x".repeat(600 * 1024));
        assertTrue(why(KeySources.file(file)).contains("more than"));
    }
}
