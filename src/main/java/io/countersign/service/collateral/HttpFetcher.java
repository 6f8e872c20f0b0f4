package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request with every bound that asking a stranger needs: time for connecting and for the whole answer, length of the
 * body, and no redirects. Opens nothing before the first fetch.
 */
final class HttpFetcher implements AutoCloseable {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final int REASON_LENGTH = 64 * 1024;

    /**
     * What is wanted of whom.
     *
     * @param vendor how messages name who was asked: "AMD KDS at kdsintf.amd.com"
     * @param maxLength of the body, in bytes
     * @param atMost for the whole answer, the body included
     */
    record Question(String vendor, URI address, int maxLength, Duration atMost) {}

    /** How a question is put. */
    sealed interface Manner {
        /**
         * A GET; the key goes to the address asked and, since redirects are not followed, to no other.
         *
         * @param whenRefused what to do about an answer 401 or 403; empty where nothing is known
         */
        record Get(Optional<BearerKey> key, String whenRefused) implements Manner {}

        /** A POST: the answer depends on the body, so an absent page is a wrong address and not an absent thing. */
        record Post(Bytes body, String contentType, String accept) implements Manner {}

        static Manner plain() {
            return new Get(Optional.empty(), "");
        }
    }

    /** Makes what was asked for of an answer with status 200. */
    @FunctionalInterface
    interface Form {
        Fetched of(Bytes body, HttpHeaders headers);
    }

    /**
     * Whose certificates servers may show.
     *
     * @param context empty: whatever Java is set to trust
     * @param hint what to do when a server shows another
     */
    record Tls(Optional<SSLContext> context, String hint) {
        static Tls asJavaDoes() {
            return new Tls(Optional.empty(), "check its certificate and our trust store");
        }
    }

    private final Duration connectTimeout;
    private final InstantSource clock;
    private final Tls tls;
    private @Nullable HttpClient client;

    HttpFetcher(Duration connectTimeout, InstantSource clock, Tls tls) {
        this.connectTimeout = connectTimeout;
        this.clock = clock;
        this.tls = tls;
    }

    /** An address below a base that may or may not end in a slash. */
    static URI below(URI base, String path) {
        String text = base.toASCIIString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    Fetched get(Question question, Form form) {
        return ask(question, Manner.plain(), form);
    }

    Fetched ask(Question question, Manner manner, Form form) {
        String vendor = question.vendor();
        // The request's own timeout ends with the headers (JDK 25), so a body that drips would escape it.
        HttpRequest request = put(HttpRequest.newBuilder(question.address()).timeout(question.atMost()), manner)
                .build();
        Future<HttpResponse<Optional<Bytes>>> answer = client().sendAsync(
                        request,
                        head -> new BoundedBody(head.statusCode() == 200 ? question.maxLength() : REASON_LENGTH));
        try {
            return judge(question, manner, answer.get(question.atMost().toMillis(), TimeUnit.MILLISECONDS), form);
        } catch (TimeoutException _) {
            answer.cancel(true);
            return unreachable(vendor + " did not answer in time");
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return unreachable("the service was stopped while it asked " + vendor);
        } catch (ExecutionException e) {
            return unreachable(sentence(vendor, e.getCause()));
        }
    }

    private static HttpRequest.Builder put(HttpRequest.Builder request, Manner manner) {
        return switch (manner) {
            case Manner.Get(Optional<BearerKey> key, String _) -> {
                key.ifPresent(bearer -> request.setHeader("Authorization", bearer.header()));
                yield request.GET();
            }
            case Manner.Post(Bytes body, String contentType, String accept) ->
                request.setHeader("Content-Type", contentType)
                        .setHeader("Accept", accept)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
        };
    }

    private Fetched judge(Question question, Manner manner, HttpResponse<Optional<Bytes>> response, Form form) {
        String vendor = question.vendor();
        int status = response.statusCode();
        if (status == 200) {
            return response.body()
                    .map(body -> form.of(body, response.headers()))
                    .orElseGet(() -> new Fetched.Failed(
                            FetchFailure.WRONG_BODY,
                            "%s sent more than the %d bytes that are read".formatted(vendor, question.maxLength())));
        }
        Optional<Duration> retryAfter =
                response.headers().firstValue("Retry-After").flatMap(this::wait);
        if (status == 429) {
            return new Fetched.Failed(FetchFailure.THROTTLED, vendor + " answered 429 (too many requests)", retryAfter);
        }
        return switch (manner) {
            case Manner.Get _
            when status == 400 || status == 404 || status == 410 ->
                new Fetched.Failed(FetchFailure.NOT_FOUND, "%s answered %d: it has none".formatted(vendor, status));
            case Manner.Get(Optional<BearerKey> _, String whenRefused)
            when (status == 401 || status == 403) && !whenRefused.isEmpty() ->
                unexpected("%s answered %d: %s".formatted(vendor, status, whenRefused), retryAfter);
            case Manner.Get _, Manner.Post _ ->
                unexpected(
                        status / 100 == 3
                                ? "%s answered %d, a redirect, which is not followed".formatted(vendor, status)
                                : "%s answered %d".formatted(vendor, status),
                        retryAfter);
        };
    }

    private static Fetched unexpected(String why, Optional<Duration> retryAfter) {
        return new Fetched.Failed(FetchFailure.UNEXPECTED_STATUS, why, retryAfter);
    }

    /** A 503 that says how long it lasts is about the whole service: RFC 9110, section 10.2.3. */
    static Fetched heedingRetryAfter(Fetched fetched) {
        return fetched instanceof Fetched.Failed(FetchFailure kind, String why, Optional<Duration> retryAfter)
                        && kind == FetchFailure.UNEXPECTED_STATUS
                        && retryAfter.isPresent()
                ? new Fetched.Failed(FetchFailure.THROTTLED, why, retryAfter)
                : fetched;
    }

    /** Seconds or an HTTP date: RFC 9110, section 10.2.3. Anything else counts as absent. */
    private Optional<Duration> wait(String retryAfter) {
        String text = retryAfter.strip();
        Duration wait;
        if (SECONDS.matcher(text).matches()) {
            wait = Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                wait = Duration.between(clock.instant(), until);
            } catch (DateTimeParseException _) {
                return Optional.empty();
            }
        }
        return Optional.of(wait).filter(Duration::isPositive);
    }

    private String sentence(String vendor, @Nullable Throwable cause) {
        return switch (cause) {
            case HttpTimeoutException _ -> vendor + " did not answer in time";
            case SSLException _ -> vendor + " could not be reached over TLS: " + tls.hint();
            case IOException _ -> vendor + " could not be reached";
            case null, default -> "asking " + vendor + " failed";
        };
    }

    private static Fetched unreachable(String why) {
        return new Fetched.Failed(FetchFailure.UNREACHABLE, why);
    }

    private synchronized HttpClient client() {
        HttpClient open = client;
        if (open == null) {
            HttpClient.Builder builder = HttpClient.newBuilder();
            tls.context().ifPresent(builder::sslContext);
            open = builder.connectTimeout(connectTimeout)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    // An upgrade offer to HTTP/2 in clear text confuses simple mirrors, and nothing here needs it.
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            client = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        HttpClient open = client;
        if (open != null) {
            open.shutdownNow();
        }
    }
}
