package io.countersign.verifier.token;

import java.time.Instant;

/** A signed token and when it ends. */
public record Token(String compact, Instant expiresAt) {}
