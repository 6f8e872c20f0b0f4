package io.countersign.service.policies;

import io.countersign.service.policies.FolderReading.Found;
import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Decides which files of the folder may speak at all: those that can be read, are UTF-8 and, where demanded, are signed. */
final class Intake {
    private final Optional<PolicySigners> signers;

    Intake(Optional<PolicySigners> signers) {
        this.signers = signers;
    }

    Map<String, Candidate> of(FolderReading.Snapshot snapshot) {
        var candidates = new LinkedHashMap<String, Candidate>();
        snapshot.files().forEach((file, found) -> candidates.put(file, of(file, found)));
        return candidates;
    }

    private Candidate of(String file, Found found) {
        return switch (found) {
            case Found.Nothing(String why) ->
                new Candidate.Withheld("", FileIssues.error(file, "the file cannot be read: " + why, ""));
            case Found.Content content -> of(file, content);
        };
    }

    private Candidate of(String file, Found.Content found) {
        Bytes content = found.content();
        if (content.length() == PolicyFolder.POLICY_BYTES) {
            return new Candidate.Withheld(
                    content.toUtf8(),
                    FileIssues.error(file, "a policy is at most 64 KiB; this file is longer", "split the policy"));
        }
        var objection = signers.flatMap(each -> each.objection(file, content, found.signature()));
        if (objection.isPresent()) {
            return new Candidate.Withheld(content.toUtf8(), objection.get());
        }
        byte[] raw = content.toByteArray();
        var in = ByteBuffer.wrap(raw);
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return new Candidate.Text(decoder.decode(in).toString());
        } catch (CharacterCodingException _) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += raw[i] == '\n' ? 1 : 0;
            }
            return new Candidate.Withheld(
                    content.toUtf8(),
                    FileIssues.error(
                            file,
                            line,
                            "the file is not UTF-8: byte %d cannot be read as a character".formatted(in.position() + 1),
                            "save it as plain UTF-8",
                            ""));
        }
    }
}
