package io.countersign.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** The laboratory with room for one fetch, while AMD's service takes connections and never answers. */
public class Crowded extends Laboratory {
    /** Whoever accepts from it sees that a fetch is under way. */
    static final ServerSocket SILENT = open();

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        settings.put("countersign.collateral.offline", "false");
        settings.put("countersign.collateral.amd-kds-url", "http://127.0.0.1:" + SILENT.getLocalPort());
        settings.put("countersign.collateral.max-concurrent", "1");
        settings.put("countersign.collateral.queue", "0");
        settings.put("countersign.collateral.wait-at-most", "2s");
        return settings;
    }
}
