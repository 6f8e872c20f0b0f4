package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.service.store.RedisAddress.Transport;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @Test
    void everythingStandsInTheUrl() {
        assertEquals(
                new RedisAddress(
                        Transport.TLS, "redis.example", 6380, Optional.of("counter+sign"), Optional.of("p:w@/é"), 3),
                RedisAddress.parse("rediss://counter+sign:p:w%40%2F%C3%A9@redis.example:6380/3"));
    }

    @Test
    void whatIsLeftOutIsTheUsual() {
        assertEquals(
                new RedisAddress(Transport.PLAIN, "localhost", 6379, Optional.empty(), Optional.empty(), 0),
                RedisAddress.parse("redis://localhost"));
        assertEquals(
                new RedisAddress(Transport.PLAIN, "::1", 6379, Optional.empty(), Optional.of("secret"), 0),
                RedisAddress.parse("redis://:secret@[::1]/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis.example:6379",
                "http://hunter2@redis.example",
                "redis://",
                "redis:hunter2",
                "redis://user:hunter2@under_score.example",
                "redis://hunter2@redis.example",
                "redis://user:hunter2@redis.example/db",
                "redis://user:hunter2@redis.example/0/1",
                "redis://user:hunter2@redis.example?timeout=1",
                "redis://user:hunter2@redis.example#1",
                "redis://user:hunter2%zz@redis.example",
                "redis://user:hunter 2@redis.example",
            })
    void otherUrlsAreRefusedWithoutRepeatingThem(String url) {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> RedisAddress.parse(url))
                .getMessage());
        assertFalse(said.contains("hunter"), said);
    }

    @Test
    void textHasNoPassword() {
        assertEquals("h:6379/2", RedisAddress.parse("redis://u:hunter2@h/2").toString());
    }
}
