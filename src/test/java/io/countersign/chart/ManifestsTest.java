package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.chart.Manifests.NotStrictException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the strict reading can fail: each planted mistake is found, at whatever depth. */
class ManifestsTest {
    private static final String RENDERED = HelmChart.render(ValueSet.EVERYTHING.text());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a member of the pod             | automountServiceAccountToken: | automountServiceAcountToken:
                    a member of a container         | readOnlyRootFilesystem:       | readOnlyRootFileSystem:
                    a member of a probe             | periodSeconds:                | periodSecond:
                    a member of a volume            | secretName:                   | secretname:
                    a member of a claim             | accessModes:                  | accessMode:
                    a member of the autoscaler      | averageUtilization:           | averageUtilisation:
                    a member of the budget          | unhealthyPodEvictionPolicy:   | unhealthyPodEviction:
                    a member of the network policy  | policyTypes:                  | policyType:
                    a member of the monitor         | tlsConfig:                    | tlsconfig:
                    a member of the rules           | expr:                         | expression:
                    a kind                          | kind: PrometheusRule          | kind: PrometheusRules
                    a version                       | monitoring.coreos.com/v1      | monitoring.coreos.com/v1alpha1
                    a number for a text             | imagePullPolicy: Always       | imagePullPolicy: 5
                    a text for a truth              | privileged: false             | privileged: "false"
                    a text for a number             | terminationGracePeriodSeconds: 40 | terminationGracePeriodSeconds: "40"
                    """)
    void findsAMistake(String what, String right, String wrong) {
        String planted = RENDERED.replace(right, wrong);
        assertNotEquals(RENDERED, planted, () -> "nothing to plant: " + what);
        assertThrows(NotStrictException.class, () -> Manifests.read(planted), what);
    }

    @Test
    void findsAMemberThatStandsTwice() {
        String planted =
                RENDERED.replaceFirst("(?m)^kind: ServiceAccount$", "kind: ServiceAccount\nkind: ServiceAccount");
        assertNotEquals(RENDERED, planted);
        assertThrows(NotStrictException.class, () -> Manifests.read(planted));
    }

    @Test
    void saysWhereTheUnknownMemberIs() {
        var found = assertThrows(
                NotStrictException.class,
                () -> Manifests.read(RENDERED.replace("readOnlyRootFilesystem:", "readOnlyRootFileSystem:")));
        assertTrue(
                String.valueOf(found.getMessage()).contains("Containers[0].SecurityContext has no member"),
                found::getMessage);
    }

    @Test
    void readsEverythingThatIsRendered() {
        long written =
                RENDERED.lines().filter(line -> line.startsWith("kind: ")).count();
        assertEquals(written, Manifests.read(RENDERED).size());
        assertTrue(written >= 12, RENDERED);
    }
}
