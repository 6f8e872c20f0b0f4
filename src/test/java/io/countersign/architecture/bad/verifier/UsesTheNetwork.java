package io.countersign.architecture.bad.verifier;

import java.net.http.HttpClient;

/** Breaks a rule. */
record UsesTheNetwork(HttpClient client) {}
