package io.countersign.proof;

import io.countersign.chart.Release;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The packaged service as the one container of a rendered pod would have it, as far as that goes without a cluster: the same
 * variables and no others, the same files at the same paths below a folder, mounts that cannot be written, and the pod's user
 * where this process may choose one. The port is a free one.
 */
final class MountedPod implements AutoCloseable {
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    private static final int SECRET_MODE = 0440;

    private final Path root;
    private final int port = PackagedService.freePort();
    private final Map<String, KubeletVolume> mounted = new HashMap<>();
    private final PackagedService service;

    private MountedPod(Release release, Map<String, Map<String, String>> secrets)
            throws IOException, InterruptedException {
        this.root = Files.createTempDirectory("countersign-pod-");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (VolumeMount mount : release.container().getVolumeMounts()) {
            Volume volume = release.pod().getVolumes().stream()
                    .filter(each -> each.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow();
            if (volume.getConfigMap() != null) {
                var files = release.files(volume.getConfigMap().getName());
                mount(mount, files, new KubeletVolume.Readers.Everybody());
            } else if (volume.getSecret() != null) {
                if (volume.getSecret().getDefaultMode() != SECRET_MODE) {
                    throw new IllegalStateException("the kubelet would give other rights: " + volume);
                }
                mount(mount, named(secrets, volume.getSecret().getSecretName()), readersOf(release));
            } else {
                Path empty = Files.createDirectories(place(mount));
                Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        }
        this.service = PackagedService.run(root, port, command(release), environment(release, secrets));
    }

    /** Secrets are by name, their values by key. */
    static MountedPod start(Release release, Map<String, Map<String, String>> secrets)
            throws IOException, InterruptedException {
        return new MountedPod(release, secrets);
    }

    private void mount(VolumeMount mount, Map<String, String> files, KubeletVolume.Readers readers) throws IOException {
        var volume = new KubeletVolume(place(mount), readers);
        volume.put(moved(files));
        mounted.put(mount.getMountPath(), volume);
    }

    private Path place(VolumeMount mount) {
        return root.resolve(mount.getMountPath().substring(1));
    }

    /** What the kubelet brings when the ConfigMap or Secret that is mounted there has changed. */
    void update(String mountPath, Map<String, String> files) throws IOException {
        named(mounted, mountPath).put(moved(files));
    }

    private Map<String, String> moved(Map<String, String> files) {
        var moved = new TreeMap<String, String>();
        files.forEach((name, text) -> moved.put(name, moved(text)));
        return moved;
    }

    /** The same with the paths of the pod below the folder, and the free port. */
    private String moved(String text) {
        return text.replace("/etc/countersign", root + "/etc/countersign")
                .replace("/var/lib/countersign", root + "/var/lib/countersign")
                .replace("/var/log/countersign", root + "/var/log/countersign")
                .replace("quarkus.http.port=8080", "quarkus.http.port=" + port);
    }

    private Map<String, String> environment(Release release, Map<String, Map<String, String>> secrets) {
        var environment = new TreeMap<String, String>();
        for (EnvVar each : release.container().getEnv()) {
            if (each.getValue() != null) {
                environment.put(each.getName(), moved(each.getValue()));
            } else {
                SecretKeySelector from = each.getValueFrom().getSecretKeyRef();
                environment.put(each.getName(), named(named(secrets, from.getName()), from.getKey()));
            }
        }
        return environment;
    }

    private List<String> command(Release release) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<String>();
        command.addAll(asUser(release, java));
        command.addAll(List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                // /tmp of the pod.
                "-Djava.io.tmpdir=" + root.resolve("tmp"),
                "-jar",
                JAR.toString()));
        return command;
    }

    /** Root can become the pod's user, and has to: for root no folder is read-only. */
    private List<String> asUser(Release release, String java) throws IOException, InterruptedException {
        if (!isRoot()) {
            return List.of();
        }
        var security = release.pod().getSecurityContext();
        var become = List.of(
                "setpriv",
                "--reuid=" + security.getRunAsUser(),
                "--regid=" + security.getRunAsGroup(),
                "--clear-groups",
                "--no-new-privs",
                "--bounding-set=-all");
        Programs.assumeInstalled("setpriv");
        for (String needed : List.of(java, JAR.toString())) {
            var readable = new ArrayList<>(become);
            readable.addAll(List.of("test", "-r", needed));
            if (Programs.run(readable, Map.of(), root).exit() != 0) {
                throw new IllegalStateException(
                        "user %d cannot read %s, which a pod's user could; open the folders above it"
                                .formatted(security.getRunAsUser(), needed));
            }
        }
        return become;
    }

    private static KubeletVolume.Readers readersOf(Release release) throws IOException {
        return isRoot()
                ? new KubeletVolume.Readers.Group(
                        release.pod().getSecurityContext().getFsGroup())
                : new KubeletVolume.Readers.Owner();
    }

    private static boolean isRoot() throws IOException {
        return Objects.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), 0);
    }

    private static <T> T named(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new IllegalStateException("no %s among %s".formatted(name, map.keySet()));
        }
        return found;
    }

    PackagedService service() {
        return service;
    }

    @Override
    public void close() {
        service.close();
    }
}
