package io.countersign.service.wiring;

import io.countersign.service.config.CountersignConfig;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * Files whose readers can do what only this service should. What everybody can read or others can write is said at start.
 * What the group can read is said only where this process owns the file, and so could be its only reader: in a pod with
 * {@code fsGroup}, root owns a mounted Secret, and the group is how this process gets to read it.
 */
record SecretFiles(String what, Path file, String danger) {
    private static final Pattern TLS_KEYS = Pattern.compile(
            "quarkus\\.(tls\\.(.+\\.)?key-store\\.(pem\\..+\\.key|p12\\.path|jks\\.path)|http\\.ssl\\.certificate\\.(key-files|key-store-file))");

    private static final Set<PosixFilePermission> ALWAYS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    /** Every file that the configuration names and every signing key in the data folder, as far as they are there. */
    static List<SecretFiles> named(CountersignConfig config, Config all) {
        var files = new ArrayList<SecretFiles>();
        Path keys = config.token().keysDir().orElse(config.dataDir().resolve("keys"));
        for (Path key : keys(keys)) {
            files.add(new SecretFiles("the signing key", key, "whoever reads it can make tokens"));
        }
        config.token()
                .pkcs11()
                .pinFile()
                .ifPresent(file -> files.add(new SecretFiles(
                        "countersign.token.pkcs11.pin-file", file, "whoever reads it can sign with the device's key")));
        StreamSupport.stream(all.getPropertyNames().spliterator(), false)
                .filter(name -> TLS_KEYS.matcher(name).matches())
                .sorted()
                .forEach(name -> all.getOptionalValues(name, Path.class)
                        .orElse(List.of())
                        .forEach(file ->
                                files.add(new SecretFiles(name, file, "whoever reads it can pose as this service"))));
        return files.stream().filter(each -> Files.exists(each.file())).toList();
    }

    /** The challenge secret is looked at where it is read. */
    private static List<Path> keys(Path folder) {
        var keys = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jwk")) {
                all.forEach(keys::add);
            } catch (IOException | DirectoryIteratorException _) {
                return List.of(); // whoever opens the keys says what is wrong with the folder
            }
        }
        return keys;
    }

    /** What to say of who else may read the file; that it cannot be told is said too. */
    Optional<String> warning() {
        Set<PosixFilePermission> open;
        try {
            open = new TreeSet<>(Files.getPosixFilePermissions(file));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of("who may read %s %s cannot be told (%s); %s. See that only this user may"
                    .formatted(what, file, e.getClass().getSimpleName(), danger));
        }
        var counted = new TreeSet<>(ALWAYS);
        if (owner() == Owner.THIS_PROCESS) {
            counted.add(PosixFilePermission.GROUP_READ);
        }
        open.retainAll(counted);
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s %s is open to others than its owner (%s); %s. chmod 400 it, or in a pod give the Secret defaultMode 0440 with fsGroup"
                                .formatted(what, file, open, danger));
    }

    private enum Owner {
        THIS_PROCESS,
        SOMEBODY_ELSE
    }

    /** Where it cannot be told, this process: a warning too many is better than one too few. */
    private Owner owner() {
        try {
            Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Files.getAttribute(file, "unix:uid").equals(me) ? Owner.THIS_PROCESS : Owner.SOMEBODY_ELSE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Owner.THIS_PROCESS;
        }
    }
}
