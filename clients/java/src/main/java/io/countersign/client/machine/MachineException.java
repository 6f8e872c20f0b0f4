package io.countersign.client.machine;

/** The machine did not give its evidence. */
public final class MachineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether asking again can help. */
    public enum Remedy {
        /** A device that is not ready, a conflict, a time-out. */
        RETRY,
        /** Somebody must change the machine or the configuration. */
        CHANGE
    }

    private final Remedy remedy;
    private final String what;
    private final String hint;

    public MachineException(Remedy remedy, String what, String hint) {
        super(what);
        this.remedy = remedy;
        this.what = what;
        this.hint = hint;
    }

    public Remedy remedy() {
        return remedy;
    }

    public String what() {
        return what;
    }

    public String hint() {
        return hint;
    }
}
