package io.countersign.service.policies;

import io.countersign.verifier.bytes.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How one reading of the folder ended. */
sealed interface FolderReading {
    /**
     * Everything in the folder that matters, as it was read.
     *
     * @param files by name relative to the folder, sorted
     * @param cases a mark for each file that tests may name, which changes with the file
     */
    record Snapshot(Map<String, Found> files, Map<String, String> cases) implements FolderReading {
        public Snapshot {
            files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
            cases = Map.copyOf(cases);
        }
    }

    /** The folder as a whole tells nothing: what is loaded stays. */
    record Unreadable(String why) implements FolderReading {}

    /** One file. */
    sealed interface Found {
        /**
         * Its bytes.
         *
         * @param content one byte more than a policy may have is enough to tell that it is too long
         * @param signature what stands beside it in {@code <file>.sig}, if signatures are looked for and there is one
         */
        record Content(Bytes content, Optional<SignatureFile> signature) implements Found {}

        /** No bytes, and why: one sentence without the folder's path. */
        record Nothing(String why) implements Found {}
    }

    /** A file of a signature. */
    sealed interface SignatureFile {
        record Content(Bytes content) implements SignatureFile {}

        record Unreadable(String why) implements SignatureFile {}
    }
}
