package io.countersign.service.signing;

/** Is told what becomes of the signing keys; counts it, for instance. */
public interface SigningObserver {
    /** The folder was read to the end. */
    void read();

    /** The folder could not be read, or what was read is damaged; what was loaded stays. */
    void unreadable();

    /** A token could not be signed. */
    void failed();
}
