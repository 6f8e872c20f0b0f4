package io.countersign.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Takes connections and never answers, until it hangs up on everybody. */
final class SilentVendor {
    private final ServerSocket server;
    private final List<Socket> waiting = new ArrayList<>();
    private boolean hangsUp;

    SilentVendor() {
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try {
            while (true) {
                take(server.accept());
            }
        } catch (IOException _) {
            // The tests are over.
        }
    }

    private synchronized void take(Socket caller) throws IOException {
        if (hangsUp) {
            caller.close();
        } else {
            waiting.add(caller);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on, and on those who wait. */
    synchronized void hangUp() throws IOException {
        hangsUp = true;
        for (Socket caller : waiting) {
            caller.close();
        }
        waiting.clear();
    }
}
