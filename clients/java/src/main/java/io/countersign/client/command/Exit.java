package io.countersign.client.command;

/** Exit codes, for unit files: those of sysexits.h, and the same as the shell client's. */
enum Exit {
    DONE(0),
    USAGE(64),
    BAD_EVIDENCE(65),
    AWAY(69),
    INTERNAL(70),
    TRY_LATER(75),
    REFUSED(77),
    CONFIGURATION(78);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
