package io.countersign.client.machine;

import io.countersign.client.Bytes;
import io.countersign.client.Plain;
import io.countersign.client.machine.MachineException.Remedy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program for what it prints, with an end in time and a bound in size. */
final class Program {
    private static final int MAX_PRINTED = 8 * 1024 * 1024;
    private static final int MAX_COMPLAINT = 64 * 1024;

    private Program() {}

    static Bytes run(List<String> words, Duration within) throws MachineException {
        String name = words.get(0);
        long end = System.nanoTime() + within.toNanos();
        Process process = start(words);
        try {
            process.getOutputStream().close();
            FutureTask<Bytes> printed = reading(process.getInputStream(), MAX_PRINTED);
            FutureTask<Bytes> complaint = reading(process.getErrorStream(), MAX_COMPLAINT);
            Bytes output = printed.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (output.length() > MAX_PRINTED) {
                throw new MachineException(
                        Remedy.RETRY,
                        name + " printed more than " + MAX_PRINTED + " bytes",
                        "run it by hand and look at what it prints");
            }
            if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                throw new MachineException(
                        Remedy.RETRY,
                        name + " ended with " + process.exitValue() + ": "
                                + said(complaint.get(1, TimeUnit.SECONDS), output),
                        "run it by hand; check that the driver is loaded and that the devices are in confidential mode");
            }
            return output;
        } catch (TimeoutException ignored) {
            throw new MachineException(
                    Remedy.RETRY,
                    name + " did not end within " + within.toSeconds() + " s",
                    "run it by hand, or allow it more time");
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
            throw new MachineException(Remedy.RETRY, "this program is being stopped", "start it again");
        } catch (IOException | ExecutionException e) {
            throw new MachineException(Remedy.RETRY, name + " cannot be read: " + e.getMessage(), "run it by hand");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> words) throws MachineException {
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException e) {
            throw new MachineException(
                    Remedy.CHANGE,
                    words.get(0) + " cannot be run: " + e.getMessage(),
                    "install NVIDIA's nvattest, or name the collector and its place");
        }
    }

    /** One byte more than the bound tells that there was more. */
    private static FutureTask<Bytes> reading(InputStream stream, int max) {
        var task = new FutureTask<Bytes>(() -> {
            try (stream) {
                Bytes first = Bytes.of(stream.readNBytes(max + 1));
                // Read to the end, so that a talkative program is not ended by a closed pipe.
                stream.transferTo(OutputStream.nullOutputStream());
                return first;
            }
        });
        var thread = new Thread(task, "countersign-collector");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** The last line is usually the one that says it; nvattest prints its reasons on either stream. */
    private static String said(Bytes complaint, Bytes output) {
        Bytes either = complaint.length() > 0 ? complaint : output;
        String text = new String(either.toByteArray(), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "it said nothing" : Plain.line(text.substring(Math.max(0, text.length() - 500)));
    }
}
