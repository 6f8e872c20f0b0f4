package io.countersign.service.store;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Connections to one Redis. Each step sends one command, once: whether a command whose answer never came was carried out
 * cannot be known, so nothing here sends it again.
 */
final class RedisLink implements AutoCloseable {
    /** A step takes far less than a millisecond, so these carry more than one replica can attest. */
    static final int CONNECTIONS = 16;

    private static final int MAX_WORDS = 160;

    private final Duration timeout;
    private final ConnectionPool pool;
    private final ExecutorService steps = Executors.newVirtualThreadPerTaskExecutor();

    /** Trusts what the JVM trusts; with a factory of its own, what that trusts. */
    RedisLink(RedisAddress address, Duration timeout, Optional<SSLSocketFactory> trust) {
        this.timeout = timeout;
        int millis = Math.toIntExact(timeout.toMillis());
        var config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .database(address.database())
                .user(address.user().orElse(null))
                .password(address.password().orElse(null))
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .ssl(address.transport() == RedisAddress.Transport.TLS);
        if (address.transport() == RedisAddress.Transport.TLS) {
            var parameters = new SSLParameters();
            // Without this, a certificate of any host would do (javax.net.ssl.SSLParameters).
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            config.sslParameters(parameters);
            trust.ifPresent(config::sslSocketFactory);
        }
        // Its defaults close what has been idle for a minute.
        var bounds = new ConnectionPoolConfig();
        bounds.setMaxTotal(CONNECTIONS);
        bounds.setMaxIdle(CONNECTIONS);
        bounds.setMaxWait(timeout);
        bounds.setJmxEnabled(false);
        this.pool = new ConnectionPool(new HostAndPort(address.host(), address.port()), config.build(), bounds);
    }

    /**
     * Sends one command and reads its answer, all within the timeout: waiting for a connection, looking up the name,
     * connecting, TLS, login and the command itself. The timeouts of the socket count for each read, so they alone would
     * not bound that.
     */
    Object send(CommandArguments command) throws StepFailedException {
        Future<Object> step = steps.submit(() -> {
            try (Connection connection = pool.getResource()) {
                return connection.executeCommand(command);
            }
        });
        try {
            return step.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            step.cancel(true);
            throw new StepFailedException(
                    "it took longer than %d ms (countersign.store.timeout)".formatted(timeout.toMillis()));
        } catch (InterruptedException _) {
            step.cancel(true);
            Thread.currentThread().interrupt();
            throw new StepFailedException("this service is stopping");
        } catch (ExecutionException e) {
            throw new StepFailedException(why(Objects.requireNonNullElse(e.getCause(), e)));
        }
    }

    private String why(Throwable failure) {
        if (failure instanceof JedisConnectionException lost) {
            // The others that wait unused are most likely lost as well.
            pool.clear();
            return "it cannot be reached (%s)".formatted(deepest(lost));
        }
        return switch (failure) {
            case JedisAccessControlException refused -> refused(refused);
            // Whoever has not logged in may not even send a command as long as ours, and is told that instead of
            // NOAUTH.
            case JedisDataException early when words(early).contains("unauthenticated") -> refused(early);
            case JedisDataException answered -> "it answered with an error (%s)".formatted(words(answered));
            case JedisException exhausted
            when exhausted.getCause() instanceof NoSuchElementException ->
                "all %d connections were in use for longer than %d ms".formatted(CONNECTIONS, timeout.toMillis());
            default -> "it did not answer as expected (%s)".formatted(deepest(failure));
        };
    }

    private static String refused(JedisDataException failure) {
        return "it refuses the login of countersign.redis-url, or a command to it (%s)".formatted(words(failure));
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause.getSuppressed().length > 0) {
            cause = cause.getSuppressed()[0];
        }
        return words(cause);
    }

    /** One line of a message from outside. */
    private static String words(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).replaceAll("[^\\x20-\\x7e]+", " ");
        return text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) + "…" : text;
    }

    @Override
    public void close() {
        steps.shutdownNow();
        pool.close();
    }
}
