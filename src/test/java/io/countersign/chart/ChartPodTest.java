package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pod: what it may not do, what it can read, and how it starts and ends. */
class ChartPodTest {
    private static final Pattern PRIVATE = Pattern.compile("PRIVATE KEY|rediss?://|\"d\"\\s*:");

    /** Kubernetes' Pod Security Standards, profile "restricted". */
    @ParameterizedTest
    @EnumSource
    void isRestricted(ValueSet values) {
        var release = Release.of(values);
        var pod = release.pod();
        var container = release.container().getSecurityContext();
        assertEquals(true, container.getReadOnlyRootFilesystem());
        assertEquals(true, container.getRunAsNonRoot());
        assertEquals(false, container.getAllowPrivilegeEscalation());
        assertEquals(false, container.getPrivileged());
        assertEquals(List.of("ALL"), container.getCapabilities().getDrop());
        assertTrue(container.getCapabilities().getAdd().isEmpty());
        assertEquals("RuntimeDefault", container.getSeccompProfile().getType());
        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertEquals(null, pod.getHostNetwork());
        assertEquals(null, pod.getHostPID());
        assertEquals(null, pod.getHostIPC());
        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertEquals(false, pod.getEnableServiceLinks());
        var account = release.one(ServiceAccount.class).orElseThrow();
        assertEquals(false, account.getAutomountServiceAccountToken());
        assertEquals(account.getMetadata().getName(), pod.getServiceAccountName());
        assertTrue(pod.getVolumes().stream().allMatch(each -> each.getHostPath() == null));
    }

    @Test
    void runsAsTheImagesUserUnlessThePlatformChooses() {
        var ours = Release.of(ValueSet.LEAST).pod().getSecurityContext();
        assertEquals(
                List.of(10001L, 10001L, 10001L), List.of(ours.getRunAsUser(), ours.getRunAsGroup(), ours.getFsGroup()));
        var theirs = Release.of(ValueSet.PLATFORM_CHOOSES_THE_USER).pod().getSecurityContext();
        assertEquals(null, theirs.getRunAsUser());
        assertEquals(null, theirs.getFsGroup());
    }

    @ParameterizedTest
    @EnumSource
    void everyMountHasAVolumeAndEveryVolumeAMount(ValueSet values) {
        var release = Release.of(values);
        var volumes = new HashSet<String>();
        Stream.concat(
                        release.pod().getVolumes().stream().map(Volume::getName),
                        release.claims().stream()
                                .map(claim -> claim.getMetadata().getName()))
                .forEach(name -> assertTrue(volumes.add(name), () -> "twice: " + name));
        var mounts = release.container().getVolumeMounts();
        assertEquals(volumes, mounts.stream().map(VolumeMount::getName).collect(Collectors.toSet()));
        var paths = mounts.stream().map(VolumeMount::getMountPath).toList();
        assertEquals(Set.copyOf(paths).size(), paths.size());
        for (VolumeMount mount : mounts) {
            // A file mounted alone does not follow its ConfigMap or Secret.
            assertEquals(null, mount.getSubPath());
            assertFalse(
                    paths.stream().anyMatch(other -> other.startsWith(mount.getMountPath() + "/")),
                    () -> "a mount in a read-only mount: " + mount);
        }
        Set<String> written = Set.of("/tmp", "/var/lib/countersign", "/var/log/countersign");
        assertTrue(mounts.stream()
                .allMatch(mount -> written.contains(mount.getMountPath()) != Boolean.TRUE.equals(mount.getReadOnly())));
    }

    @ParameterizedTest
    @EnumSource
    void volumesThatThisReleaseMakesAreThere(ValueSet values) {
        var release = Release.of(values);
        var made = release.all(ConfigMap.class).stream()
                .map(each -> each.getMetadata().getName())
                .collect(Collectors.toSet());
        release.pod().getVolumes().stream()
                .filter(each -> each.getConfigMap() != null)
                .map(each -> each.getConfigMap().getName())
                .filter(name -> !Set.of("my-policies", "authorities").contains(name))
                .forEach(name -> assertTrue(made.contains(name), () -> "nobody makes " + name));
    }

    /** Every path that a setting names lies in a mount. */
    @ParameterizedTest
    @EnumSource
    void everyPathInTheSettingsIsMounted(ValueSet values) {
        var release = Release.of(values);
        var mounts = release.container().getVolumeMounts();
        long paths = Stream.concat(
                        release.settings().values().stream(),
                        release.container().getEnv().stream().map(each -> String.valueOf(each.getValue())))
                .filter(value -> value.startsWith("/"))
                .peek(path -> assertTrue(
                        mounts.stream().anyMatch(mount -> (path + "/").startsWith(mount.getMountPath() + "/")),
                        () -> "nothing is mounted at " + path))
                .count();
        assertTrue(paths >= 3);
    }

    @ParameterizedTest
    @EnumSource
    void secretsAreReferencesAndNeverText(ValueSet values) {
        var release = Release.of(values);
        for (ConfigMap map : release.all(ConfigMap.class)) {
            map.getData()
                    .forEach((file, text) -> assertFalse(PRIVATE.matcher(text).find(), file));
        }
        release.container().getEnv().stream()
                .filter(each -> each.getName().startsWith("COUNTERSIGN_"))
                .forEach(each -> {
                    assertEquals(null, each.getValue());
                    assertNotNull(each.getValueFrom().getSecretKeyRef());
                });
    }

    @Test
    void secretSettingsArriveUnderTheNameThatTheServiceReads() {
        var names = Release.of(ValueSet.EVERYTHING).container().getEnv().stream()
                .map(each -> each.getName())
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of("COUNTERSIGN_REDIS_URL", "COUNTERSIGN_COLLATERAL_NVIDIA_API_KEY")));
    }

    @ParameterizedTest
    @EnumSource
    void probesAskTheHealthRoutesOnThePortThatListens(ValueSet values) {
        var release = Release.of(values);
        var container = release.container();
        var port = container.getPorts().getFirst();
        boolean tls = release.settings().containsKey("quarkus.http.tls-configuration-name");
        assertEquals(
                release.settings().get(tls ? "quarkus.http.ssl-port" : "quarkus.http.port"),
                String.valueOf(port.getContainerPort()));
        var probes = List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());
        assertEquals(
                List.of("/q/health/started", "/q/health/live", "/q/health/ready"),
                probes.stream().map(each -> each.getHttpGet().getPath()).toList());
        for (Probe probe : probes) {
            assertEquals(port.getName(), probe.getHttpGet().getPort().getStrVal());
            assertEquals(tls ? "HTTPS" : "HTTP", probe.getHttpGet().getScheme());
        }
    }

    /** The kubelet counts the pause before the end as part of the grace period, and kills after it. */
    @ParameterizedTest
    @EnumSource
    void theGracePeriodHoldsThePauseAndTheShutdown(ValueSet values) {
        var release = Release.of(values);
        assertNull(release.container().getLifecycle(), "until SIGTERM the service cannot tell kept connections to go");
        long pause = seconds(release, "quarkus.shutdown.delay");
        long shutdown = seconds(release, "quarkus.shutdown.timeout");
        assertTrue(release.pod().getTerminationGracePeriodSeconds() > pause + shutdown);
    }

    private static long seconds(Release release, String setting) {
        String duration = Release.named(release.settings(), setting);
        return Long.parseLong(duration.substring(0, duration.length() - 1));
    }

    @Test
    void stateLiesOnClaimsWhereThatIsWanted() {
        var claims = Release.of(ValueSet.CLAIMS);
        assertEquals(
                Set.of("data", "audit"),
                claims.claims().stream()
                        .map(each -> each.getMetadata().getName())
                        .collect(Collectors.toSet()));
        assertEquals(
                "20Gi",
                Release.named(claims.claims().getLast().getSpec().getResources().getRequests(), "storage")
                        .toString());
        assertEquals("/var/log/countersign", claims.settings().get("countersign.audit.to"));
        assertEquals(1, Release.of(ValueSet.AUDIT_CLAIM).claims().size());
        assertEquals("-", Release.of(ValueSet.LEAST).settings().get("countersign.audit.to"));
        assertEquals(List.of(), Release.of(ValueSet.LEAST).claims());
    }
}
