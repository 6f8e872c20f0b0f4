package io.countersign.service.policies;

import io.countersign.service.policies.FolderReading.SignatureFile;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.policy.PolicyIssue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whose signatures let a file of the policy folder be loaded. Beside each policy and each file of reference values stands
 * {@code <file>.sig}, a detached signature over the file's exact bytes; the shipped policies are part of the program and
 * need none, and cases need none because they only serve tests.
 *
 * <p>A signature says who wrote a text, and not that it is the newest: an older file with its signature is loaded again,
 * which is how one rolls back. Whoever may write to the folder can do that, or take a file away, without being a signer.
 * The signers are read once, at start.
 */
public final class PolicySigners {
    private static final int MOST_BYTES = 256 * 1024;

    private final List<SignerKey> keys;

    private PolicySigners(List<SignerKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Reads a PEM file of public keys and certificates; whatever is wrong with it stops the start. */
    public static PolicySigners read(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "countersign.policies.signers: %s is longer than 256 KiB".formatted(file));
            }
            return of(SignerPem.keys(new String(content, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "countersign.policies.signers: %s cannot be read; it is a PEM file of the public keys whose signatures count"
                            .formatted(file),
                    e);
        } catch (SignerPem.UnusableException e) {
            throw new IllegalArgumentException(
                    "countersign.policies.signers: %s %s".formatted(file, e.getMessage()), e);
        }
    }

    static PolicySigners of(List<SignerKey> keys) {
        return new PolicySigners(keys);
    }

    /** SHA-256 of each key's SubjectPublicKeyInfo. */
    public List<String> fingerprints() {
        return keys.stream().map(SignerKey::fingerprint).toList();
    }

    /** Why a file of these bytes with that signature is not loaded; nothing when a signer signed it. */
    Optional<PolicyIssue> objection(String file, Bytes content, Optional<SignatureFile> signature) {
        String beside = file + PolicyFolder.SIGNATURE;
        if (signature.isEmpty()) {
            return Optional.of(issue(file, "the file is not signed: there is no " + beside));
        }
        return switch (signature.get()) {
            case SignatureFile.Unreadable(String why) ->
                Optional.of(issue(file, "the signature %s cannot be read: %s".formatted(beside, why)));
            case SignatureFile.Content(Bytes bytes) -> objection(file, beside, content, bytes);
        };
    }

    private Optional<PolicyIssue> objection(String file, String beside, Bytes content, Bytes signature) {
        List<Bytes> forms = SignatureForms.of(signature);
        if (forms.isEmpty()) {
            return Optional.of(issue(
                    file,
                    "%s holds no signature: it is %d bytes that are neither base64 nor a signature as openssl writes it"
                            .formatted(beside, signature.length())));
        }
        boolean signed = keys.stream().anyMatch(key -> forms.stream().anyMatch(form -> key.signed(content, form)));
        return signed
                ? Optional.empty()
                : Optional.of(issue(
                        file,
                        "%s is no signature of any configured signer over this file (%d bytes, SHA-256 %s)"
                                .formatted(beside, content.length(), content.sha256())));
    }

    private PolicyIssue issue(String file, String message) {
        String commands =
                keys.stream().map(key -> key.command(file)).collect(Collectors.toCollection(TreeSet::new)).stream()
                        .collect(Collectors.joining(", or "));
        return FileIssues.error(
                file,
                message,
                "sign the file as it is: %s; signers configured in countersign.policies.signers, by SHA-256 of the public key: %s"
                        .formatted(commands, String.join(", ", fingerprints())));
    }
}
