package io.countersign.service.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.service.collateral.FetchFailure;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.collateral.GatheringWarning;
import io.opentelemetry.api.OpenTelemetry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TracedGatheringTest {
    /** Those that a trace is made of; everything else is for whoever counts. */
    private static final Set<String> ITS_OWN = Set.of("carried", "asking", "none");

    @Test
    void whatIsCountedWithoutTracesIsCountedWithThem() throws ReflectiveOperationException {
        var told = new HashSet<String>();
        var counts = (GatheringObserver) Proxy.newProxyInstance(
                GatheringObserver.class.getClassLoader(), new Class<?>[] {GatheringObserver.class}, (_, method, _) -> {
                    told.add(method.getName());
                    return null;
                });
        var traced = new TracedGathering(counts, OpenTelemetry.noop().getTracer("test"));
        var all = new HashSet<String>();
        for (Method each : GatheringObserver.class.getMethods()) {
            if (!ITS_OWN.contains(each.getName())) {
                all.add(each.getName());
                tell(traced, each);
            }
        }
        assertEquals(all, told);
    }

    private static void tell(GatheringObserver observer, Method what)
            throws IllegalAccessException, InvocationTargetException {
        what.invoke(
                observer,
                Arrays.stream(what.getParameterTypes())
                        .map(type -> type == String.class
                                ? "kind"
                                : type == Duration.class
                                        ? Duration.ZERO
                                        : type == FetchFailure.class
                                                ? FetchFailure.NOT_FOUND
                                                : GatheringWarning.KEY_CHANGED)
                        .toArray());
    }
}
