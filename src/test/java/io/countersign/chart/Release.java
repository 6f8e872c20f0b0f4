package io.countersign.chart;

import io.countersign.chart.Manifests.Manifest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** What one set of values becomes. */
public record Release(List<HasMetadata> objects) {
    public Release {
        objects = List.copyOf(objects);
    }

    /** Of values that must be good. */
    public static Release of(String values) {
        return new Release(Manifests.read(HelmChart.render(values)).stream()
                .map(Manifest::read)
                .toList());
    }

    static Release of(ValueSet values) {
        return of(values.text());
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> Optional<T> one(Class<T> type) {
        List<T> all = all(type);
        if (all.size() > 1) {
            throw new AssertionError("several: " + all);
        }
        return all.stream().findFirst();
    }

    HasMetadata workload() {
        return one(Deployment.class)
                .<HasMetadata>map(each -> each)
                .or(() -> one(StatefulSet.class))
                .orElseThrow(() -> new AssertionError("nothing runs"));
    }

    public PodTemplateSpec template() {
        return switch (workload()) {
            case Deployment deployment -> deployment.getSpec().getTemplate();
            case StatefulSet set -> set.getSpec().getTemplate();
            default -> throw new AssertionError("nothing else runs pods here");
        };
    }

    public PodSpec pod() {
        return template().getSpec();
    }

    /** The only container. */
    public Container container() {
        List<Container> all = pod().getContainers();
        if (all.size() != 1 || !pod().getInitContainers().isEmpty()) {
            throw new AssertionError("one container was expected: " + all);
        }
        return all.getFirst();
    }

    List<PersistentVolumeClaim> claims() {
        return one(StatefulSet.class)
                .map(set -> set.getSpec().getVolumeClaimTemplates())
                .orElse(List.of());
    }

    /** The files of a ConfigMap that this release makes. */
    public Map<String, String> files(String configMap) {
        return all(ConfigMap.class).stream()
                .filter(each -> each.getMetadata().getName().equals(configMap))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no ConfigMap " + configMap))
                .getData();
    }

    /** The name of the ConfigMap that is mounted there. */
    public String configMapAt(String path) {
        String volume = container().getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is mounted at " + path))
                .getName();
        return pod().getVolumes().stream()
                .filter(each -> each.getName().equals(volume))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no volume " + volume))
                .getConfigMap()
                .getName();
    }

    /** The settings that the service reads. */
    Map<String, String> settings() {
        var properties = new Properties();
        try {
            properties.load(
                    new StringReader(named(files(configMapAt("/etc/countersign/config")), "application.properties")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        var settings = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    /** What must be there. */
    static <T> T named(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new AssertionError("no %s in %s".formatted(name, map.keySet()));
        }
        return found;
    }
}
