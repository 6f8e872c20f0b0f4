package io.countersign.cli;

import static io.countersign.cli.CommandLineBench.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cli.CommandLineBench.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final String IMAGE = "5f".repeat(48);

    @TempDir
    private Path folder = Path.of("");

    private Path list(String text) throws IOException {
        return Files.writeString(folder.resolve("measurements.txt"), text);
    }

    @Test
    void whatIsImportedLintsAndStandsAloneOnStandardOutput() throws IOException {
        Ran ran = run("values", "import", "snp", list(IMAGE + "\n").toString(), "--id", "images", "--note", "Grüße");
        assertTrue(ran.ends(Main.FINE).out().contains("Grüße"), ran.out());
        assertTrue(ran.err().contains("1 value of launch_measurement"), ran.err());
        Path file = Files.writeString(folder.resolve("images.yaml"), ran.out());
        run("policy", "lint", file.toString(), "--strict").ends(Main.FINE);
    }

    @Test
    void aFileIsWrittenOnceAndNeverOver() throws IOException {
        Path out = folder.resolve("images.yaml");
        String[] command = {
            "values",
            "import",
            "snp",
            list(IMAGE + "\n").toString(),
            "--id",
            "images",
            "--expires",
            "2030-01-01",
            "--claim",
            "snp.measurement",
            "--out",
            out.toString()
        };
        assertEquals("", run(command).ends(Main.FINE).out());
        assertTrue(Files.readString(out).contains("2030-01-01T00:00:00Z"));
        assertTrue(run(command).ends(Main.USAGE).err().contains("it is there already"));
    }

    @Test
    void whatCannotBeImportedIsToldInWords() throws IOException {
        Ran ran = run("values", "import", "snp", list("nothing here\n").toString(), "--id", "images")
                .ends(Main.FOUND);
        assertEquals("", ran.out());
        assertFalse(ran.err().contains("Exception"), ran.err());
        ran = run("values", "import", "snp", list(IMAGE).toString(), "--id", "Not An Id")
                .ends(Main.FOUND);
        assertEquals("", ran.out());
        assertTrue(run("values", "import", "corim", list(IMAGE).toString(), "--id", "images")
                .ends(Main.USAGE)
                .err()
                .contains("--signer"));
        assertTrue(run("values", "import", "nvidia-rims", folder.resolve("none").toString(), "--id", "images")
                .ends(Main.USAGE)
                .err()
                .contains("it is not there"));
        run("values", "import", "tdx", list("{\"a\": ").toString(), "--id", "images")
                .ends(Main.FOUND);
    }
}
