package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One line for each decision, on disk before the answer leaves: off unless it is said where to. */
public interface AuditConfig {
    /** Folder of the audit files, or {@code -} for standard output. */
    Optional<Path> to();

    /** Name of this replica: its files are in a sub-folder of that name, because two cannot write one chain. */
    Optional<String> instance();

    /** A file that would get longer is closed, and the next one begun; none is ever deleted. From 64 KiB to 1 GiB. */
    @WithDefault("67108864")
    long maxFileBytes();

    /** The longest a decision waits for its line; beyond, it is answered 503 and does not leave. From 10ms to 30s. */
    @WithDefault("2s")
    Duration waitAtMost();

    /** How often the signing key vouches for what was written since. From 1s to 1h. */
    @WithDefault("1m")
    Duration checkpointEvery();

    /** Whether lines tell the network addresses of who asks. */
    @WithDefault("false")
    boolean addresses();

    /** Whether appraisals have lines too: they never lead to a token. */
    @WithDefault("true")
    boolean appraisals();

    /** Whether introspections have lines too. */
    @WithDefault("true")
    boolean introspections();
}
