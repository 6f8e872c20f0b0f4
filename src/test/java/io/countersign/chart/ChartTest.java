package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the chart lints, renders what is expected, and that its parts fit together. */
class ChartTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Helm lints with the values of the chart itself, so those of a set are put there. */
    @ParameterizedTest
    @EnumSource
    void lints(ValueSet values, @TempDir Path copy) throws IOException {
        HelmChart.copyTo(copy);
        Path own = copy.resolve("values.yaml");
        var merged = ValueSet.merged((ObjectNode) ValueSet.read(Files.readString(own)), ValueSet.read(values.text()));
        YAML.writeValue(own.toFile(), merged);
        LintResult lint = new Helm(copy).lint().strict().call();
        assertFalse(lint.isFailed(), () -> String.valueOf(lint.getMessages()));
    }

    @Test
    void lintsAsItStands() {
        LintResult lint = new Helm(HelmChart.FOLDER).lint().strict().call();
        assertFalse(lint.isFailed(), () -> String.valueOf(lint.getMessages()));
    }

    @ParameterizedTest
    @EnumSource
    void isReadStrictlyAndNamesNothingTwice(ValueSet values) {
        var names = new HashSet<String>();
        for (HasMetadata each : Release.of(values).objects()) {
            assertTrue(names.add(each.getKind() + " " + each.getMetadata().getName()), () -> "twice: " + each);
            assertEquals("trust", each.getMetadata().getNamespace(), each::toString);
            assertEquals("attest", each.getMetadata().getLabels().get("app.kubernetes.io/instance"));
        }
    }

    @Test
    void rendersTheKindsThatWereAskedFor() {
        assertEquals(
                Set.of("ConfigMap", "Service", "ServiceAccount", "Deployment", "PodDisruptionBudget", "NetworkPolicy"),
                kinds(ValueSet.LEAST));
        assertEquals(
                Set.of(
                        "ConfigMap",
                        "Service",
                        "ServiceAccount",
                        "StatefulSet",
                        "PodDisruptionBudget",
                        "NetworkPolicy",
                        "HorizontalPodAutoscaler",
                        "ServiceMonitor",
                        "PrometheusRule"),
                kinds(ValueSet.EVERYTHING));
    }

    private static Set<String> kinds(ValueSet values) {
        return Release.of(values).objects().stream().map(HasMetadata::getKind).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void selectorsMatchThePodsAndNothingSelectsNothing(ValueSet values) {
        var release = Release.of(values);
        var labels = release.template().getMetadata().getLabels();
        for (Service service : release.all(Service.class)) {
            assertMatches(service.getSpec().getSelector(), labels);
            var ports = release.container().getPorts();
            service.getSpec()
                    .getPorts()
                    .forEach(port -> assertTrue(
                            ports.stream().anyMatch(each -> each.getName()
                                    .equals(port.getTargetPort().getStrVal())),
                            () -> service + " leads to a port that no container has"));
        }
        switch (release.workload()) {
            case Deployment deployment ->
                assertMatches(deployment.getSpec().getSelector().getMatchLabels(), labels);
            case StatefulSet set -> {
                assertMatches(set.getSpec().getSelector().getMatchLabels(), labels);
                assertTrue(release.all(Service.class).stream()
                        .anyMatch(each -> each.getMetadata()
                                        .getName()
                                        .equals(set.getSpec().getServiceName())
                                && each.getSpec().getClusterIP().equals("None")));
            }
            default -> throw new AssertionError();
        }
        release.one(PodDisruptionBudget.class)
                .ifPresent(
                        budget -> assertMatches(budget.getSpec().getSelector().getMatchLabels(), labels));
        release.pod()
                .getTopologySpreadConstraints()
                .forEach(spread -> assertMatches(spread.getLabelSelector().getMatchLabels(), labels));
        release.one(HorizontalPodAutoscaler.class).ifPresent(scaler -> {
            var target = scaler.getSpec().getScaleTargetRef();
            assertEquals(release.workload().getKind(), target.getKind());
            assertEquals(release.workload().getMetadata().getName(), target.getName());
            assertEquals(release.workload().getApiVersion(), target.getApiVersion());
        });
    }

    private static void assertMatches(Map<String, String> selector, Map<String, String> labels) {
        assertFalse(selector.isEmpty());
        assertTrue(labels.entrySet().containsAll(selector.entrySet()), () -> selector + " does not match " + labels);
    }

    /** One Service and no other, or everything would be counted twice. */
    @ParameterizedTest
    @EnumSource(names = {"MUTUAL_TLS", "EVERYTHING"})
    void theMonitorReadsMetricsOfOneService(ValueSet values) {
        var release = Release.of(values);
        var monitor = release.one(ServiceMonitor.class).orElseThrow();
        assertEquals("monitoring.coreos.com/v1", monitor.getApiVersion());
        var selector = monitor.getSpec().getSelector().getMatchLabels();
        var found = release.all(Service.class).stream()
                .filter(each -> each.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .toList();
        assertEquals(1, found.size());
        var endpoint = monitor.getSpec().getEndpoints().getFirst();
        assertEquals("/q/metrics", endpoint.getPath());
        assertEquals(
                endpoint.getPort(),
                found.getFirst().getSpec().getPorts().getFirst().getName());
        assertEquals(
                Set.of("trust"),
                Set.copyOf(monitor.getSpec().getNamespaceSelector().getMatchNames()));
    }

    @Test
    void alertsAndDashboardAreTheFilesOfTheChart() throws IOException {
        var release = Release.of(ValueSet.EVERYTHING);
        var rules = release.one(PrometheusRule.class).orElseThrow();
        assertEquals("monitoring.coreos.com/v1", rules.getApiVersion());
        var written = ValueSet.read(Files.readString(HelmChart.FOLDER.resolve("files/alerts.yaml")));
        var groups = rules.getSpec().getGroups();
        assertEquals(written.path("groups").size(), groups.size());
        for (int i = 0; i < groups.size(); i++) {
            var rulesWritten = written.path("groups").path(i).path("rules");
            assertEquals(rulesWritten.size(), groups.get(i).getRules().size());
            for (int j = 0; j < rulesWritten.size(); j++) {
                assertEquals(
                        rulesWritten.path(j).path("expr").asText(),
                        groups.get(i).getRules().get(j).getExpr().getStrVal());
                assertEquals(
                        rulesWritten.path(j).path("annotations").path("summary").asText(null),
                        groups.get(i).getRules().get(j).getAnnotations().get("summary"));
            }
        }
        var dashboard = release.all(ConfigMap.class).stream()
                .filter(each -> "1".equals(each.getMetadata().getLabels().get("grafana_dashboard")))
                .findFirst()
                .orElseThrow();
        assertEquals(
                Files.readString(HelmChart.FOLDER.resolve("files/dashboard.json")),
                dashboard.getData().get("countersign.json"));
    }

    /** Policies reload live, so a change of them must not roll the pods; a change of a setting must. */
    @Test
    void settingsRollThePodsAndPoliciesDoNot() {
        var before = Release.of(ValueSet.PLAIN);
        var policy = Release.of(ValueSet.PLAIN.text().replace("version: \\\"1\\\"", "version: \\\"2\\\""));
        assertNotEquals(before.files("attest-countersign-policies"), policy.files("attest-countersign-policies"));
        assertEquals(before.template(), policy.template());
        var setting = Release.of(ValueSet.PLAIN.text() + "config: {quarkus.log.level: DEBUG}\n");
        assertNotEquals(before.template(), setting.template());
        var signers = Release.of(ValueSet.with("policies: {signers: a}"));
        assertNotEquals(Release.of(ValueSet.with("policies: {signers: b}")).template(), signers.template());
    }

    @Test
    void aDrainIsNeverBlocked() {
        for (ValueSet values : ValueSet.values()) {
            var budget = Release.of(values)
                    .one(PodDisruptionBudget.class)
                    .orElseThrow()
                    .getSpec();
            assertEquals(1, budget.getMaxUnavailable().getIntVal());
            assertEquals(null, budget.getMinAvailable());
        }
    }

    @Test
    void theAutoscalerAloneSaysHowMany() {
        var release = Release.of(ValueSet.REDIS_AND_AUTOSCALING);
        assertEquals(null, release.one(Deployment.class).orElseThrow().getSpec().getReplicas());
        var scaler = release.one(HorizontalPodAutoscaler.class).orElseThrow().getSpec();
        assertEquals(3, scaler.getMinReplicas());
        assertEquals(9, scaler.getMaxReplicas());
    }
}
