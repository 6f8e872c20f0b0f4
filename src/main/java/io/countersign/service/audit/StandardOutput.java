package io.countersign.service.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * Lines on standard output, for whoever collects that. They are as durable as what reads them: a line counts when the pipe has
 * taken it. Each start begins a chain of its own.
 */
public final class StandardOutput implements Medium {
    private final PrintStream out;

    /** Takes the stream that the console's own log goes through, so that neither writes into the other's lines. */
    public StandardOutput(PrintStream out) {
        this.out = out;
    }

    @Override
    public Head head() {
        return Head.NONE;
    }

    @Override
    public Optional<Map<String, Object>> opening(long bytes) {
        return Optional.empty();
    }

    @Override
    public void append(byte[] lines) throws IOException {
        out.write(lines, 0, lines.length);
        // Also flushes. The stream remembers for ever that it failed once: nobody reads it any more.
        if (out.checkError()) {
            throw new IOException("nobody reads standard output any more");
        }
    }

    @Override
    public void mend() throws IOException {
        if (out.checkError()) {
            throw new IOException("nobody reads standard output any more");
        }
    }

    @Override
    public String words() {
        return "standard output";
    }

    @Override
    public void close() {}
}
