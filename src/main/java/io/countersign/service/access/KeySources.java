package io.countersign.service.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Where an issuer's keys are read: a file, or one address with every bound that asking a stranger needs. */
public final class KeySources {
    private static final int MAX_LENGTH = 512 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration WHOLE = Duration.ofSeconds(5);
    private static final int OK = 200;

    private KeySources() {}

    public static IssuerKeys.Source file(Path file) {
        return () -> {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_LENGTH + 1);
                if (content.length > MAX_LENGTH) {
                    throw new IOException("the file has more than %d bytes".formatted(MAX_LENGTH));
                }
                return new String(content, StandardCharsets.UTF_8);
            } catch (java.nio.file.FileSystemException _) {
                throw new IOException("the file %s cannot be read".formatted(file));
            }
        };
    }

    /**
     * An address; redirects are not followed.
     *
     * @param tls whom to believe, instead of what Java trusts
     */
    public static IssuerKeys.Source address(URI address, Optional<SSLContext> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        tls.ifPresent(builder::sslContext);
        HttpClient client = builder.build();
        return () -> fetch(client, address);
    }

    private static String fetch(HttpClient client, URI address) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(WHOLE)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        Future<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_LENGTH));
        try {
            // The request's own timeout ends with the headers, so a body that drips would escape it.
            HttpResponse<byte[]> response = answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException("%s answered %d".formatted(address.getHost(), response.statusCode()));
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw new IOException(address.getHost() + " did not answer in time");
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("the service was stopped while it asked " + address.getHost());
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() instanceof SSLException
                            ? address.getHost()
                                    + " could not be reached over TLS: check its certificate and countersign.access.oidc.ca-certificates"
                            : address.getHost() + " could not be reached, or sent more than is read",
                    e);
        }
    }
}
