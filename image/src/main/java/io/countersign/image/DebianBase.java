package io.countersign.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The base layer: the C library, what it depends on, and the name of the distribution. Java needs no more (its TLS
 * authorities, time zones and zlib are its own), and nothing in it can be run but the loader of libraries. The records
 * that dpkg keeps are under /var/lib/dpkg/status.d, where scanners look in images without a package manager.
 */
final class DebianBase {
    private static final String USERS = """
            root:x:0:0:root:/root:/sbin/nologin
            countersign:x:10001:10001:Countersign:/var/lib/countersign:/sbin/nologin
            """;
    private static final String GROUPS = """
            root:x:0:
            countersign:x:10001:
            """;

    private final Path work;

    /** Downloads are kept in this folder, so that a second build asks no mirror. */
    DebianBase(Path work) {
        this.work = work;
    }

    /** What a Debian package is called, and where its file is. */
    record DebianPackage(String name, String version, String architecture, Path file) {}

    /** Fills this root, and says what with. */
    List<DebianPackage> fill(Path root) throws ImageTroubleException, IOException, InterruptedException {
        Files.createDirectories(work);
        var packages = new ArrayList<DebianPackage>();
        packages.add(take("base-files", root, path -> path.equals("usr/lib/os-release")));
        packages.add(take("libc6", root, path -> library(path)));
        packages.add(take("libgcc-s1", root, path -> library(path)));
        // Built from one source, the two share a folder of documents.
        Path documents = work.resolve("libgcc-s1").resolve("usr/share/doc/libgcc-s1");
        if (Files.isSymbolicLink(documents)) {
            packages.add(take(Files.readSymbolicLink(documents).toString(), root, _ -> false));
        }
        Trees.copy(root.resolve("usr/lib/os-release"), root.resolve("etc/os-release"));
        Trees.write(root.resolve("etc/passwd"), USERS);
        Trees.write(root.resolve("etc/group"), GROUPS);
        Trees.write(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
        return packages;
    }

    private static boolean library(String path) {
        return path.matches("(usr/)?lib/[^/]*-linux-gnu[^/]*/(ld-linux[^/]*|lib[^/]*)\\.so\\.[0-9]+")
                || path.matches("(usr/)?lib(64)?/ld-linux[^/]*\\.so\\.[0-9]+");
    }

    private DebianPackage take(String name, Path root, Predicate<String> wanted)
            throws ImageTroubleException, IOException, InterruptedException {
        Path file = download(name);
        Path unpacked = Trees.fresh(work.resolve(name));
        Programs.run(work, "dpkg-deb", "--extract", file.toString(), unpacked.toString());
        try (var all = Files.walk(unpacked)) {
            for (Path each : all.sorted().toList()) {
                String path = unpacked.relativize(each).toString();
                if (wanted.test(path)) {
                    Trees.copy(target(unpacked, each), root.resolve(path));
                } else if (path.equals("usr/share/doc/%s/copyright".formatted(name))) {
                    Trees.copy(each, root.resolve(path));
                }
            }
        }
        Trees.write(
                root.resolve("var/lib/dpkg/status.d").resolve(name),
                Programs.run(work, "dpkg-deb", "--field", file.toString()));
        return new DebianPackage(name, field(file, "Version"), field(file, "Architecture"), file);
    }

    /** An absolute link means a place in the package, not on this machine. */
    private static Path target(Path unpacked, Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return file;
        }
        Path link = Files.readSymbolicLink(file);
        return link.isAbsolute()
                ? unpacked.resolve(Path.of("/").relativize(link))
                : file.resolveSibling(link).normalize();
    }

    private Path download(String name) throws ImageTroubleException, IOException, InterruptedException {
        List<Path> have = downloaded(name);
        if (have.isEmpty()) {
            Programs.run(work, "apt-get", "download", "-q", name);
            have = downloaded(name);
        }
        if (have.size() != 1) {
            throw new ImageTroubleException("%s holds %d files of the package %s; expected one: delete the folder"
                    .formatted(work, have.size(), name));
        }
        return have.getFirst();
    }

    private List<Path> downloaded(String name) throws IOException {
        try (var all = Files.list(work)) {
            return all.filter(file -> file.getFileName().toString().startsWith(name + "_")
                            && file.getFileName().toString().endsWith(".deb"))
                    .sorted()
                    .toList();
        }
    }

    private String field(Path file, String field) throws ImageTroubleException, IOException, InterruptedException {
        return Programs.run(work, "dpkg-deb", "--field", file.toString(), field).strip();
    }
}
