package io.countersign.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Programs under a user who is not root, for whom alone permissions mean something; and limits of running processes, which
 * stand for a full disk and for a full table of files. With root, that user is {@code nobody}; else, whoever runs the tests.
 */
final class Underprivileged {
    private static final String NOBODY = "65534";
    private static final String FEWER_THAN_ANY_HAS = "8";

    private Underprivileged() {}

    /** The words before a command that shall run so. */
    static List<String> words() throws IOException, InterruptedException {
        Programs.assumeInstalled("setpriv", "prlimit");
        return root()
                ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--")
                : List.of("env");
    }

    private static boolean root() throws IOException, InterruptedException {
        return Programs.run(List.of("id", "-u"), Map.of(), Path.of("."))
                .output()
                .strip()
                .equals("0");
    }

    /** A new folder of that user. */
    static Path folder() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("countersign-proof-");
        if (root()) {
            must("chown", NOBODY + ":" + NOBODY, folder.toString());
        }
        return folder;
    }

    /** For its owner and everything below it. */
    static void writable(Path folder, boolean yes) throws IOException, InterruptedException {
        must("chmod", "-R", yes ? "u+w" : "a-w", folder.toString());
    }

    /** As if the disk were full: a write fails, also to a file that could be made (setrlimit(2), RLIMIT_FSIZE). */
    static void diskFull(long pid) throws IOException, InterruptedException {
        limit(pid, "fsize", "0");
    }

    static void diskAsBefore(long pid) throws IOException, InterruptedException {
        limit(pid, "fsize", "unlimited");
    }

    /** The words before a command that shall find the disk full from its start; what it prints goes through a pipe. */
    static List<String> withFullDisk() {
        return List.of("sh", "-c", "\"$@\" 2>&1 | cat", "sh", "prlimit", "--fsize=0:");
    }

    /** No file more than are open now (RLIMIT_NOFILE, which open ones may exceed); gives what the limit was. */
    static String noMoreFiles(long pid) throws IOException, InterruptedException {
        String before = as("prlimit", "--pid", Long.toString(pid), "--nofile", "--noheadings", "--output=SOFT")
                .strip();
        filesAtMost(pid, FEWER_THAN_ANY_HAS);
        return before;
    }

    static void filesAtMost(long pid, String most) throws IOException, InterruptedException {
        limit(pid, "nofile", most);
    }

    /** The soft limit alone: it can be raised again. */
    private static void limit(long pid, String resource, String soft) throws IOException, InterruptedException {
        as("prlimit", "--pid", Long.toString(pid), "--%s=%s:".formatted(resource, soft));
    }

    /** As that user, because even root may lack the right to look into processes of others. */
    private static String as(String... command) throws IOException, InterruptedException {
        var whole = new ArrayList<>(words());
        whole.addAll(List.of(command));
        return must(whole.toArray(String[]::new));
    }

    private static String must(String... command) throws IOException, InterruptedException {
        Programs.Ran ran = Programs.run(List.of(command), Map.of(), Path.of("."));
        if (ran.exit() != 0) {
            throw new IllegalStateException(
                    "%s ended with %d: %s".formatted(List.of(command), ran.exit(), ran.output()));
        }
        return ran.output();
    }
}
