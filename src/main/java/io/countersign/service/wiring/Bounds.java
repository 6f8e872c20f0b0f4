package io.countersign.service.wiring;

import io.countersign.service.config.LimitsConfig;

/** The contract's bounds on a request, which configuration can only lower. */
final class Bounds {
    private Bounds() {}

    static int depth(LimitsConfig limits) {
        return atMost("depth", limits.depth(), 32);
    }

    static int devices(LimitsConfig limits) {
        return atMost("devices", limits.devices(), 64);
    }

    static int requestBytes(LimitsConfig limits) {
        return atMost("request-bytes", limits.requestBytes(), 4 * 1024 * 1024);
    }

    static int batch(LimitsConfig limits) {
        return atMost("batch", limits.batch(), 64);
    }

    private static int atMost(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "countersign.limits.%s is %d; it goes from 1 to %d".formatted(key, value, most));
        }
        return value;
    }
}
