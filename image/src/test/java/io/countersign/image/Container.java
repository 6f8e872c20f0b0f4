package io.countersign.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An unpacked image, started by crun as its configuration says: its user, a read-only root, no capabilities. */
final class Container implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path log;

    private Container(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Skips the test, and says so, where containers cannot be run. */
    static void assumeThatContainersRunHere() {
        for (String program : List.of("crun", "unshare", "mount")) {
            assumeTrue(isHere(program), "running the image needs %s, which is not here".formatted(program));
        }
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "running the image needs root, to give files to uid 10001 and to mount");
    }

    private static boolean isHere(String program) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, program))) {
                return true;
            }
        }
        return false;
    }

    /** Unpacks an image into this folder, with its owners and modes. */
    static void unpack(BuiltImage image, Path root) throws IOException {
        image.visit((entry, content) -> {
            Path to = root.resolve(BuiltImage.path(entry).substring(1));
            if (entry.isDirectory()) {
                Files.createDirectories(to);
            } else {
                Files.copy(content, to);
                Files.setLastModifiedTime(to, entry.getLastModifiedTime());
            }
            give(to, entry.getLongUserId());
            Files.setAttribute(to, "unix:mode", entry.getMode() & 0777, LinkOption.NOFOLLOW_LINKS);
        });
    }

    static void give(Path file, long user) throws IOException {
        Files.setAttribute(file, "unix:uid", (int) user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", (int) user, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Starts one.
     *
     * @param command instead of the image's own; empty: that one
     * @param mounts folders of this machine by the places that they take; writable where they belong to the service
     */
    static Container start(
            BuiltImage image,
            Path root,
            List<String> command,
            Map<String, Path> mounts,
            Map<String, String> environment)
            throws IOException {
        Path bundle = Files.createTempDirectory("countersign-image-");
        Files.setPosixFilePermissions(bundle, PosixFilePermissions.fromString("rwxr-xr-x"));
        ObjectNode config = JSON.createObjectNode();
        config.put("ociVersion", "1.0.2");
        ObjectNode process = config.putObject("process");
        String[] user = image.config().path("config").path("User").asText().split(":", -1);
        process.putObject("user").put("uid", Integer.parseInt(user[0])).put("gid", Integer.parseInt(user[1]));
        (command.isEmpty() ? image.words("Entrypoint") : command).forEach(process.withArray("args")::add);
        image.words("Env").forEach(process.withArray("env")::add);
        environment.forEach((name, value) -> process.withArray("env").add(name + "=" + value));
        process.put("cwd", image.config().path("config").path("WorkingDir").asText());
        process.put("noNewPrivileges", true);
        process.putObject("capabilities").putArray("bounding");
        config.putObject("root").put("path", root.toString()).put("readonly", true);
        mount(config, "/proc", "proc", "proc");
        mount(config, "/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "size=64k");
        for (var each : new TreeMap<>(mounts).entrySet()) {
            boolean writable = Files.getAttribute(each.getValue(), "unix:uid").equals(10001);
            mount(config, each.getKey(), "bind", each.getValue().toString(), "rbind", writable ? "rw" : "ro");
        }
        for (String kind : List.of("pid", "ipc", "uts", "mount")) {
            config.withObject("/linux").withArray("namespaces").addObject().put("type", kind);
        }
        Files.writeString(bundle.resolve("config.json"), JSON.writeValueAsString(config));
        Path log = bundle.resolve("log");
        // crun refuses machines that mix both kinds of control groups; it is told to use none, in mounts of its own.
        Process started = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs none /sys/fs/cgroup && exec crun --cgroup-manager=disabled run --bundle \"$0\" \"$1\"",
                        bundle.toString(),
                        bundle.getFileName().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Container(started, log);
    }

    private static void mount(ObjectNode config, String destination, String type, String source, String... options) {
        ObjectNode mount = config.withArray("mounts").addObject();
        mount.put("destination", destination).put("type", type).put("source", source);
        for (String option : options) {
            mount.withArray("options").add(option);
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The status it ends with, within a minute. */
    int end() throws InterruptedException, IOException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it is still running; its log:\n" + log());
        }
        return process.exitValue();
    }

    /** The processes in the container, as this machine sees them. */
    List<ProcessHandle> inside() {
        return new ArrayList<>(process.descendants().toList());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        inside().forEach(ProcessHandle::destroy);
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        inside().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
