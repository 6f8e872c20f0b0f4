package io.countersign.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** HTTP with an end in time, a bound in size and no redirects. */
public final class Http {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final Duration within;

    private Http(HttpClient.Builder builder, Duration within) {
        // A redirect would carry a token or a key set's address to a place that nobody configured.
        this.client = builder.connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.within = within;
    }

    /** With the platform's certificate authorities; an answer must be complete within the time given. */
    public static Http within(Duration time) {
        return new Http(HttpClient.newBuilder(), time);
    }

    /** Trusts the certificates of a PEM file and no others. */
    public static Http trusting(Path pem, Duration time) throws IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            if (number == 0) {
                throw new IOException(pem + " holds no certificate");
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new Http(HttpClient.newBuilder().sslContext(context), time);
        } catch (GeneralSecurityException e) {
            throw new IOException(pem + " is no file of PEM certificates", e);
        }
    }

    /** How an exchange ended. */
    public sealed interface Exchange {
        /** With an answer of whatever status. */
        record Answered(int status, java.net.http.HttpHeaders headers, String body) implements Exchange {}

        /** Without one. */
        record Lost(Sent sent, String why, String hint) implements Exchange {}
    }

    /** Whether a request without an answer may have had its effect. */
    public enum Sent {
        NO,
        PERHAPS
    }

    public Exchange get(URI uri, int maxBytes) {
        return exchange(HttpRequest.newBuilder(uri).GET(), Map.of("Accept", "application/json"), maxBytes);
    }

    public Exchange post(URI uri, Map<String, String> headers, String body, int maxBytes) {
        return exchange(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)), headers, maxBytes);
    }

    private Exchange exchange(HttpRequest.Builder builder, Map<String, String> headers, int maxBytes) {
        headers.forEach(builder::header);
        HttpRequest request = builder.build();
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, answer -> new BoundedBody(maxBytes));
        try {
            HttpResponse<byte[]> answer = pending.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return new Exchange.Answered(answer.statusCode(), answer.headers(), text(answer.body()));
        } catch (TimeoutException ignored) {
            pending.cancel(true);
            return lost(request, "did not answer completely within " + within.toSeconds() + " s", "try again later");
        } catch (InterruptedException ignored) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            return lost(request, "was not waited for: this program is being stopped", "try again");
        } catch (CharacterCodingException ignored) {
            return lost(request, "answered something that is not text", "check that this is the right URL");
        } catch (ExecutionException e) {
            return lost(request, e.getCause());
        }
    }

    private static String text(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static Exchange lost(HttpRequest request, String why, String hint) {
        return new Exchange.Lost(Sent.PERHAPS, request.uri() + " " + why, hint);
    }

    private static Exchange lost(HttpRequest request, @org.jspecify.annotations.Nullable Throwable cause) {
        String where = request.uri().toString();
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof BoundedBody.TooLongException) {
                return new Exchange.Lost(
                        Sent.PERHAPS, where + " " + at.getMessage(), "check that this is the right URL");
            }
            if (at instanceof ConnectException
                    || at instanceof HttpConnectTimeoutException
                    || at instanceof UnresolvedAddressException) {
                return new Exchange.Lost(
                        Sent.NO,
                        where + " cannot be reached",
                        "check the URL, the name resolution and that the service runs");
            }
            if (at instanceof SSLException) {
                return new Exchange.Lost(
                        Sent.NO,
                        where + " could not be reached over TLS: " + Plain.line(String.valueOf(at.getMessage())),
                        "check the service's certificate, the clock of this machine, and which authorities are trusted");
            }
        }
        return lost(request, "broke off before its answer was complete", "try again later");
    }
}
