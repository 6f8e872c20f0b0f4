package io.countersign.imports;

/** Nothing was imported; the message says of which file, where, what was expected and what to do. */
public final class ImportException extends Exception {
    private static final long serialVersionUID = 1;

    private static final int MOST = 2000;
    private static final int MOST_NAME = 200;

    public ImportException(String message) {
        super(Printable.line(message, MOST));
    }

    /**
     * What is wrong at one place of a file.
     *
     * @param place such as {@code line 3}; empty for the file as a whole
     */
    public ImportException(String file, String place, String problem) {
        this("%s: %s".formatted(where(file, place), problem));
    }

    private static String where(String file, String place) {
        String name = Printable.line(file, MOST_NAME);
        return place.isEmpty() ? name : name + ", " + Printable.line(place, MOST_NAME);
    }
}
