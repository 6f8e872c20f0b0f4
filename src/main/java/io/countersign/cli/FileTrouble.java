package io.countersign.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** What is wrong with a file, in words: Java's own say the path and often nothing else. */
final class FileTrouble {
    private FileTrouble() {}

    static CommandException reading(Path file, IOException problem) {
        return new CommandException("%s cannot be read: %s".formatted(file, why(problem)));
    }

    static CommandException writing(Path file, IOException problem) {
        return new CommandException("%s cannot be written: %s".formatted(file, why(problem)));
    }

    /** With the file's name, where the problem knows it. */
    static String words(UncheckedIOException problem) {
        IOException cause = problem.getCause();
        if (cause == null) {
            return String.valueOf(problem.getMessage());
        }
        return cause instanceof FileSystemException about && about.getFile() != null
                ? about.getFile() + ": " + why(cause)
                : why(cause);
    }

    /** The path that somebody wrote. */
    static Path path(String text) throws CommandException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandException("\"%s\" is no path: %s".formatted(text, e.getReason()));
        }
    }

    private static String why(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "it is not there";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it is there already";
            case NotDirectoryException _ -> "it is not a folder";
            case CharacterCodingException _ -> "it is not UTF-8 text";
            case FileSystemException about ->
                Optional.ofNullable(about.getReason()).orElse("the file system refuses it");
            default ->
                "Is a directory".equals(problem.getMessage()) ? "it is a folder" : String.valueOf(problem.getMessage());
        };
    }
}
