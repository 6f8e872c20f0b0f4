package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever else answers at the address of the store: nothing is concluded from it. */
class StrangeRedisTest {
    private static final String TAG = "$16\r\n0102030405060708\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "+OK\r\n",
                ":1\r\n",
                "$-1\r\n",
                "*-1\r\n",
                "*0\r\n",
                "*2\r\n$5\r\nepoch\r\n",
                "*1\r\n$5\r\nepoch\r\n",
                "*2\r\n$5\r\nepoch\r\n$2\r\n01\r\n",
                "*2\r\n$5\r\nepoch\r\n$16\r\n010203040506070g\r\n",
                "*2\r\n$5\r\nepoch\r\n:16\r\n",
                "*2\r\n$5\r\nother\r\n" + TAG,
                "*2\r\n$3\r\nnow\r\n$3\r\nnow\r\n",
                "*2\r\n$4\r\nrole\r\n$5\r\nslave\r\n",
                "*2\r\n$6\r\npolicy\r\n$11\r\nallkeys-lru\r\n",
                "*2\r\n$6\r\nsilent\r\n$0\r\n\r\n",
                "-MOVED 1 127.0.0.1:1\r\n",
                "-ASK 1 127.0.0.1:1\r\n",
                "-LOADING Redis is loading the dataset in memory\r\n",
                "-BUSY Redis is busy running a script\r\n",
                "-NOSCRIPT No matching script\r\n",
                "-CLUSTERDOWN The cluster is down\r\n",
                "-MISCONF Redis is configured to save\r\n",
                "-READONLY You can't write against a read only replica.\r\n",
                "-ERR \r\n",
                "$999999999999\r\n",
                "*999999999\r\n",
                "\0\0\0\0",
            })
    void answerThatIsNotTheScriptsIsDoubt(String answer) throws IOException {
        try (var server = answering(answer);
                var store = store(server)) {
            var refused = assertThrows(CountersignException.class, store::epoch);
            assertEquals(ProblemCode.STORE_UNAVAILABLE, refused.problem().code());
            assertTrue(store.state().trouble().isPresent());
        }
    }

    /** Shows that the others fail by what they are answered, and not for want of an answer. */
    @Test
    void answerThatIsTheScriptsIsUnderstood() throws IOException {
        try (var server = answering("*2\r\n$5\r\nepoch\r\n" + TAG);
                var store = store(server)) {
            assertEquals("0102030405060708", store.epoch().tag().toString());
            assertEquals(Optional.empty(), store.state().trouble());
            Instant now = Instant.now();
            assertThrows(
                    CountersignException.class,
                    () -> store.spend(OnceStore.Kind.TOKEN, OnceStoreContract.id(), store.epoch(), now, now),
                    "the answer to another question");
        }
    }

    private static RedisStore store(ServerSocket server) {
        return RedisStore.start(
                RedisAddress.parse("redis://127.0.0.1:" + server.getLocalPort()),
                Duration.ofMillis(300),
                "test:",
                InstantSource.system(),
                new SecureRandom());
    }

    /** Gives the same answer to whatever comes. */
    private static ServerSocket answering(String answer) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    byte[] buffer = new byte[8192];
                    while (socket.getInputStream().read(buffer) > 0) {
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                        socket.getOutputStream().flush();
                    }
                } catch (IOException _) {
                    // The next one, or the end.
                }
            }
        });
        return server;
    }
}
