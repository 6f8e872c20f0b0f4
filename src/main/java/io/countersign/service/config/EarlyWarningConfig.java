package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** Whether platforms seen lately would still be accepted under what the vendors have announced. */
public interface EarlyWarningConfig {
    @WithDefault("false")
    boolean enabled();

    /** How often the platforms are judged again, and Intel's early channel is asked. From 1s to 7d. */
    @WithDefault("1h")
    Duration every();

    /** How long after the start they are judged for the first time. */
    @WithDefault("1m")
    Duration first();

    /** Platforms that are remembered, once for each policy; of more, those seen longest ago are forgotten. */
    @WithDefault("5000")
    int platforms();

    /** Bytes of evidence that may be remembered. */
    @WithDefault("67108864")
    long maxBytes();

    /** A platform that was not accepted for so long is gone, and nobody is warned about it. */
    @WithDefault("14d")
    Duration forgetAfter();

    /**
     * By the id of a policy, the id of the one that is to follow it, which judges in its place: for what no vendor announces, such
     * as AMD's coming floors. It may be its shadow.
     */
    Map<String, String> policy();
}
