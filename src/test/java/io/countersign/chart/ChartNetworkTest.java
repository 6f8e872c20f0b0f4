package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reaches the pods, and whom they reach. */
class ChartNetworkTest {
    private static NetworkPolicySpec of(Release release) {
        return release.one(NetworkPolicy.class).orElseThrow().getSpec();
    }

    private static Set<Integer> ports(NetworkPolicySpec policy) {
        return policy.getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal())
                .collect(Collectors.toSet());
    }

    /** A rule without peers, or without ports, would open a direction for everybody. */
    @ParameterizedTest
    @EnumSource
    void isClosedInBothDirectionsButForNamedPeersAndPorts(ValueSet values) {
        var release = Release.of(values);
        var policy = of(release);
        assertEquals(List.of("Ingress", "Egress"), policy.getPolicyTypes());
        assertTrue(release.template()
                .getMetadata()
                .getLabels()
                .entrySet()
                .containsAll(policy.getPodSelector().getMatchLabels().entrySet()));
        assertFalse(policy.getPodSelector().getMatchLabels().isEmpty());
        policy.getIngress().forEach(rule -> {
            assertFalse(rule.getFrom().isEmpty());
            assertEquals(1, rule.getPorts().size());
            assertEquals(
                    release.container().getPorts().getFirst().getName(),
                    rule.getPorts().getFirst().getPort().getStrVal());
        });
        for (NetworkPolicyEgressRule rule : policy.getEgress()) {
            assertFalse(rule.getTo().isEmpty());
            assertFalse(rule.getPorts().isEmpty());
        }
    }

    @Test
    void nobodyIsLetInUnlessNamed() {
        assertEquals(List.of(), of(Release.of(ValueSet.LEAST)).getIngress());
        assertEquals(
                1,
                of(Release.of(ValueSet.PLAIN)).getIngress().getFirst().getFrom().size());
        assertEquals(
                2,
                of(Release.of(ValueSet.EVERYTHING))
                        .getIngress()
                        .getFirst()
                        .getFrom()
                        .size());
    }

    @Test
    void reachesDnsAndTheVendorsOutsidePrivateNetworks() {
        var policy = of(Release.of(ValueSet.LEAST));
        assertEquals(Set.of(53, 443), ports(policy));
        var vendors = policy.getEgress().getLast().getTo();
        assertTrue(
                vendors.stream().allMatch(peer -> !peer.getIpBlock().getExcept().isEmpty()));
        assertTrue(vendors.getFirst().getIpBlock().getExcept().contains("169.254.0.0/16"), "metadata services");
    }

    @Test
    void reachesNoVendorWhenOfflineAndRedisOnlyWithRedis() {
        assertEquals(Set.of(53), ports(of(Release.of(ValueSet.OWN_POLICIES_OFFLINE))));
        assertEquals(Set.of(53, 443, 6380), ports(of(Release.of(ValueSet.REDIS_AND_AUTOSCALING))));
        var unused = "networkPolicy: {redis: [{podSelector: {}}]}";
        assertEquals(Set.of(53, 443), ports(of(Release.of(ValueSet.with(unused)))));
    }

    @Test
    void canBeLeftToWhoeverRunsTheCluster() {
        assertEquals(
                List.of(),
                Release.of(ValueSet.with("networkPolicy: {enabled: false}")).all(NetworkPolicy.class));
    }
}
