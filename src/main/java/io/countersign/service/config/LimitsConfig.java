package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How much is taken of one request, of one client and at one time. {@code docs/limits.md} says how to choose. */
public interface LimitsConfig {
    /** The longest body; downwards only. */
    @WithName("request-bytes")
    @WithDefault("4194304")
    int requestBytes();

    /** Pieces of evidence in one request; downwards only. */
    @WithDefault("64")
    int devices();

    /** How deep JSON may be nested; downwards only. */
    @WithDefault("32")
    int depth();

    /** Appraisals in one batch; downwards only. */
    @WithDefault("64")
    int batch();

    /** Requests under way at once; more are answered 503. */
    @WithDefault("512")
    int concurrent();

    Reserved reserved();

    /** Requests that one client who does not say who he is may have under way at once; unset, as many as there are places. */
    Optional<Integer> clientShare();

    /** Requests that one registered caller may have under way at once; unset, as many as there are places. */
    Optional<Integer> callerShare();

    /**
     * For one appraisal, from the moment its body is read until its result is signed. From 1s to 5m. The default leaves room
     * for three rounds of {@code countersign.collateral.wait-at-most}.
     */
    @WithDefault("20s")
    Duration time();

    /** For the arrival of one whole body. From 1s to 10m. */
    @WithDefault("30s")
    Duration receiveTime();

    Rate rate();

    /**
     * Addresses and networks of the proxies in front, {@code 10.0.0.0/8}, {@code 2001:db8::1}: what these say about where a
     * request comes from is believed, and what nobody else says.
     */
    Optional<List<String>> trustedProxies();

    /** Where trusted proxies write it: {@code x-forwarded-for} or {@code forwarded}. The other one is not looked at. */
    @WithDefault("x-forwarded-for")
    String forwardedHeader();

    /** Of the places of {@code concurrent}, those that nobody else may take. Each is an eighth unless set. */
    interface Reserved {
        /** For evidence that registered callers send. */
        Optional<Integer> callers();

        /** For introspection, which only registered callers may do. */
        Optional<Integer> introspection();
    }

    /** What one client may send a minute. Each is off unless set. */
    interface Rate {
        /** Pieces of evidence, of a client who does not say who he is. */
        Optional<Integer> evidence();

        /** Challenges, of a client who does not say who he is. */
        Optional<Integer> requests();

        /** Pieces of evidence, of one registered caller. */
        Optional<Integer> callerEvidence();

        /** Challenges and introspections, of one registered caller. */
        Optional<Integer> callerRequests();

        /** Clients told apart at one time; when all are in use, newcomers share one allowance. From 100 to 10000000. */
        @WithDefault("50000")
        int clients();
    }
}
