package io.countersign.insecure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Named pipes, which Java cannot make by itself. */
final class DiskPipe {
    private DiskPipe() {}

    /**
     * Makes one with this name, in the place of another if there is one: whoever reads that one reads on undisturbed.
     *
     * @param drafts a folder on the same disk
     */
    static void make(Path path, Path drafts) throws IOException {
        Path draft = drafts.resolve(UUID.randomUUID().toString());
        try {
            var process = new ProcessBuilder("mkfifo", "-m", "600", draft.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("mkfifo " + draft + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try {
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
