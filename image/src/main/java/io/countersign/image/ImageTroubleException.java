package io.countersign.image;

/** What stopped the build of the image, in a sentence for whoever started it. */
public final class ImageTroubleException extends Exception {
    private static final long serialVersionUID = 1L;

    public ImageTroubleException(String message) {
        super(message);
    }
}
