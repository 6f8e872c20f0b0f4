package io.countersign.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A case that is read when its turn comes. */
public interface CaseFile {
    String name();

    /** The text, or one byte more than {@code most} where it is longer. */
    byte[] read(int most) throws IOException;

    /** The cases of a folder, oldest first as recordings are named; what begins with a dot is none. */
    static List<CaseFile> in(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : found) {
                if (!file.getFileName().toString().startsWith(".")
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(file);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files.stream().sorted().map(CaseFile::of).toList();
    }

    static CaseFile of(Path file) {
        record OnDisk(Path file) implements CaseFile {
            @Override
            public String name() {
                return String.valueOf(file.getFileName());
            }

            @Override
            public byte[] read(int most) throws IOException {
                try (InputStream in = Files.newInputStream(file)) {
                    return in.readNBytes(most == Integer.MAX_VALUE ? most : most + 1);
                }
            }
        }
        return new OnDisk(file);
    }
}
