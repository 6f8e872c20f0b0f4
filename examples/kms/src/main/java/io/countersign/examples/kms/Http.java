package io.countersign.examples.kms;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** How this KMS asks the issuer: in bounded time, for answers of bounded size, following no redirect. */
@Component
final class Http {
    private static final long LONGEST_ANSWER = 256 * 1024L;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpResponse<String> get(URI address, Duration timeout) throws IOException {
        return send(HttpRequest.newBuilder(address), timeout);
    }

    /** Anything but a whole answer of status 200 is an exception. */
    HttpResponse<String> send(HttpRequest.Builder question, Duration timeout) throws IOException {
        HttpRequest request = question.timeout(timeout).build();
        // A request's own timeout ends where the body begins; the body may come slowly, too.
        var pending = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER));
        try {
            HttpResponse<String> answer = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("%s answered %d".formatted(request.uri(), answer.statusCode()));
            }
            return answer;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("%s does not answer: %s".formatted(request.uri(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            pending.cancel(true);
        }
    }
}
