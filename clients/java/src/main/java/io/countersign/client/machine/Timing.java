package io.countersign.client.machine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Time as it passes, and the chance in a pause: arguments, so that tests need neither wait nor guess. */
interface Timing {
    /** Whether a pause was taken to its end. */
    enum Pause {
        OVER,
        /** The thread was interrupted, and stays so. */
        STOPPED
    }

    /** Grows with time and is not moved by a clock that is set at boot. */
    long nanos();

    Pause pause(Duration length);

    /** Between 0 and 1. */
    double chance();

    static Timing real() {
        return new Timing() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Pause pause(Duration length) {
                try {
                    Thread.sleep(length.toMillis());
                    return Pause.OVER;
                } catch (InterruptedException ignored) {
                    Thread.currentThread().interrupt();
                    return Pause.STOPPED;
                }
            }

            @Override
            public double chance() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
