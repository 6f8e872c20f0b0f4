package io.countersign.service.policies;

import io.countersign.service.policies.FolderReading.Found;
import io.countersign.service.policies.FolderReading.Snapshot;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is at rest in a folder that as a whole is not. */
final class FileByFile {
    private FileByFile() {}

    /** The files that two readings agree on, and of the others what counted before. */
    static Snapshot settled(Snapshot now, Snapshot then, Snapshot counted) {
        var settled = new TreeMap<String, Found>();
        var names = new TreeSet<>(now.files().keySet());
        names.addAll(counted.files().keySet());
        for (String name : names) {
            Optional<Found> found = find(now.files(), name);
            (found.equals(find(then.files(), name)) ? found : find(counted.files(), name))
                    .ifPresent(each -> settled.put(name, each));
        }
        return new Snapshot(settled, now.cases());
    }

    private static Optional<Found> find(Map<String, Found> files, String name) {
        return Optional.ofNullable(files.get(name));
    }
}
