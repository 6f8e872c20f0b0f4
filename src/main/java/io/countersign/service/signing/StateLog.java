package io.countersign.service.signing;

import io.countersign.service.signing.Standing.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** Says in one sentence when a key's state changes, also when only time passed. */
final class StateLog {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    private Map<String, State> said = Map.of();

    synchronized void say(List<Standing> standings) {
        var now = new LinkedHashMap<String, State>();
        for (Standing each : standings) {
            now.put(each.key().kid(), each.state());
            if (each.state() != said.get(each.key().kid())) {
                LOG.logf(
                        each.state() == State.WITHDRAWN ? Logger.Level.WARN : Logger.Level.INFO,
                        "signing key %s (%s) is %s",
                        each.key().kid(),
                        each.key().algorithm(),
                        each.words());
            }
        }
        said.keySet().stream()
                .filter(kid -> !now.containsKey(kid))
                .forEach(kid -> LOG.infof("signing key %s is no longer in the ring", kid));
        said = now;
    }
}
