package io.countersign.service.wiring;

import io.countersign.service.signing.RotationSchedule;
import io.countersign.service.signing.SigningRing;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;

/** Follows the folder of signing keys, and rotates when it is time. */
@Singleton
class KeyWatch {
    private final SigningRing ring;
    private final RotationSchedule schedule;

    KeyWatch(SigningRing ring, RotationSchedule schedule) {
        this.ring = ring;
        this.schedule = schedule;
    }

    @Scheduled(
            every = "${countersign.token.rotation.poll:2s}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void follow() {
        ring.poll();
        schedule.poll(ring.ring());
    }
}
