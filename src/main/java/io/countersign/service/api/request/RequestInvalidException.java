package io.countersign.service.api.request;

/** A body that is not a request of this contract: where (a JSON pointer) and why. */
public final class RequestInvalidException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String pointer;

    public RequestInvalidException(String pointer, String why) {
        super(why);
        this.pointer = pointer;
    }

    /** RFC 6901; the empty text is the whole body. */
    public String pointer() {
        return pointer;
    }
}
