package io.countersign.service.policies;

import io.countersign.service.policies.FolderReading.Snapshot;
import java.util.Optional;

/**
 * Waits until the folder has come to rest: what was read counts when the next reading finds the same bytes everywhere. A
 * half-written file may well be a policy with fewer rules, and of files that change together neither counts without the
 * other. A folder that does not come to rest within a few readings counts file by file.
 */
final class Settling {
    /** Readings that one restless file may hold up the others. */
    static final int PATIENCE = 5;

    private FolderReading counted;
    private Snapshot files;
    private FolderReading last;
    private int restless;

    /** The first reading counts at once: nothing is loaded that could be better. */
    Settling(Snapshot first) {
        this.counted = first;
        this.files = first;
        this.last = first;
    }

    /** What counts now, if that is something else than before. */
    Optional<FolderReading> next(FolderReading read) {
        FolderReading before = last;
        last = read;
        if (read.equals(counted)) {
            restless = 0;
            return Optional.empty();
        }
        if (read.equals(before)) {
            return Optional.of(count(read));
        }
        restless++;
        return restless >= PATIENCE && read instanceof Snapshot now && before instanceof Snapshot then
                ? Optional.of(count(FileByFile.settled(now, then, files)))
                : Optional.empty();
    }

    private FolderReading count(FolderReading reading) {
        restless = 0;
        counted = reading;
        if (reading instanceof Snapshot snapshot) {
            files = snapshot;
        }
        return reading;
    }
}
