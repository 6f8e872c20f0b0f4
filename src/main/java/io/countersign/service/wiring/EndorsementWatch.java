package io.countersign.service.wiring;

import io.countersign.service.collateral.EndorsementGatherer;
import io.countersign.service.ops.EndorsementAges;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Shows metrics which endorsements are in hand; how old they are by then, each scrape computes. */
@Singleton
class EndorsementWatch {
    private final EndorsementGatherer gatherer;
    private final EndorsementAges ages;

    EndorsementWatch(EndorsementGatherer gatherer, MeterRegistry registry, InstantSource clock) {
        this.gatherer = gatherer;
        this.ages = new EndorsementAges(registry, clock);
    }

    @Scheduled(every = "5s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        ages.show(gatherer.ages());
    }
}
