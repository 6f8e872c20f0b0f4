package io.countersign.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder as the kubelet keeps it for a ConfigMap or a Secret (kubernetes/kubernetes, pkg/volume/util/atomic_writer.go): the
 * files lie in a folder named after the time, {@code ..data} is a link to it, and what programs open are links through
 * {@code ..data}. An update makes a new folder and swaps {@code ..data}, then removes links to what is gone and the old folder.
 */
final class KubeletVolume {
    private static final String DATA = "..data";

    private final Path folder;
    private final Readers readers;
    private int updates;

    /** Who may read the files. */
    sealed interface Readers {
        /** Mode 0444, as a ConfigMap's files. */
        record Everybody() implements Readers {}

        /** Mode 0440 and the pod's group, as a Secret's files; the owner is whoever makes them. */
        record Group(long id) implements Readers {}

        /** Mode 0400, for processes that cannot give files to another group. */
        record Owner() implements Readers {}
    }

    /** Makes the folder, empty and closed to writing. */
    KubeletVolume(Path folder, Readers readers) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.readers = readers;
        mode(folder, "r-xr-xr-x");
    }

    /** Everything that is in it from now on. */
    void put(Map<String, String> files) throws IOException {
        mode(folder, "rwxr-xr-x");
        Path data = folder.resolve(DATA);
        Optional<Path> old = Files.exists(data) ? Optional.of(data.toRealPath()) : Optional.empty();
        updates++;
        Path next = Files.createDirectory(folder.resolve("..2026_06_01_09_00_%02d.%09d".formatted(updates, updates)));
        for (var file : new TreeMap<>(files).entrySet()) {
            Path written =
                    Files.write(next.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
            switch (readers) {
                case Readers.Everybody() -> mode(written, "r--r--r--");
                case Readers.Owner() -> mode(written, "r--------");
                case Readers.Group(long id) -> {
                    Files.setAttribute(written, "unix:gid", Math.toIntExact(id));
                    mode(written, "r--r-----");
                }
            }
        }
        mode(next, "r-xr-xr-x");
        Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
        Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
        for (String name : files.keySet()) {
            if (!Files.isSymbolicLink(folder.resolve(name))) {
                Files.createSymbolicLink(folder.resolve(name), Path.of(DATA, name));
            }
        }
        removeWhatIsGone(files);
        if (old.isPresent()) {
            remove(old.get());
        }
        mode(folder, "r-xr-xr-x");
    }

    private void removeWhatIsGone(Map<String, String> files) throws IOException {
        try (var names = Files.list(folder)) {
            for (Path each : names.toList()) {
                String name = String.valueOf(each.getFileName());
                if (!name.startsWith("..") && !files.containsKey(name)) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void remove(Path old) throws IOException {
        mode(old, "rwxr-xr-x");
        var inside = new ArrayList<Path>();
        try (var files = Files.list(old)) {
            files.forEach(inside::add);
        }
        for (Path each : inside) {
            Files.delete(each);
        }
        Files.delete(old);
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
