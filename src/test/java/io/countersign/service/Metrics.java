package io.countersign.service;

/** Numbers as the service shows them. */
final class Metrics {
    private Metrics() {}

    /** The number of one series, written as it stands there; nought where it is not. */
    static double of(String series) {
        return Http.request()
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    static double refused(String limit) {
        return of("countersign_limits_refused_total{limit=\"" + limit + "\"}");
    }
}
