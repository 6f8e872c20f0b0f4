package io.countersign.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Other programs, run to their end. */
final class Programs {
    private Programs() {}

    /** What it printed; another status than 0 is trouble, with the last lines it printed. */
    static String run(Path folder, String... command) throws ImageTroubleException, IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException _) {
            throw new ImageTroubleException(
                    "the image needs the program %s, which is not here; on Debian and Ubuntu apt and dpkg bring it"
                            .formatted(command[0]));
        }
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            List<String> lines = printed.lines().toList();
            throw new ImageTroubleException("%s ended with status %d: %s"
                    .formatted(
                            String.join(" ", command),
                            status,
                            String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()))));
        }
        return printed;
    }
}
