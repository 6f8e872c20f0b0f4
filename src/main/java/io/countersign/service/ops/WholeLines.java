package io.countersign.service.ops;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what strangers sent from passing for a line of the log: whatever follows a line break within a message is indented,
 * so that only the log itself begins lines at the margin, and other control characters are shown instead of obeyed.
 */
@LoggingFilter(name = "whole-lines")
public final class WholeLines implements Filter {
    private static final String INDENT = "\n    ";

    private final ExtFormatter formatter = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord record) {
        String message = formatter.formatMessage(record);
        String plain = plain(message);
        if (plain != null && !plain.equals(message)) {
            if (record instanceof ExtLogRecord ext) {
                ext.setMessage(plain, ExtLogRecord.FormatStyle.NO_FORMAT);
            } else {
                record.setMessage(plain);
            }
        }
        Throwable thrown = record.getThrown();
        if (thrown != null && speaksInLines(thrown)) {
            record.setThrown(Told.of(thrown));
        }
        return true;
    }

    private static boolean speaksInLines(@Nullable Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null && !message.equals(plain(message))) {
                return true;
            }
        }
        return false;
    }

    /** The same text where nothing is to be changed. */
    private static @Nullable String plain(@Nullable String text) {
        if (text == null || text.chars().noneMatch(Character::isISOControl) && !hasOtherBreaks(text)) {
            return text;
        }
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '\n') {
                result.append(INDENT);
            } else if (each == '\t') {
                result.append(each);
            } else if (Character.isISOControl(each) || breaks(each)) {
                result.append("\\u%04x".formatted((int) each));
            } else {
                result.append(each);
            }
        }
        return result.toString();
    }

    private static boolean hasOtherBreaks(String text) {
        return text.chars().anyMatch(each -> breaks((char) each));
    }

    /** LINE SEPARATOR and PARAGRAPH SEPARATOR, and what turns the direction of writing: Unicode 16, section 23.2. */
    private static boolean breaks(char each) {
        return each == '\u2028'
                || each == '\u2029'
                || (each >= '\u202a' && each <= '\u202e')
                || (each >= '\u2066' && each <= '\u2069');
    }

    /** An exception as it was, in a text of plain lines. */
    private static final class Told extends Exception {
        private static final long serialVersionUID = 1L;

        /** How deep a chain of causes is told. */
        private static final int DEPTH = 20;

        private final String told;

        private Told(String told, @Nullable Throwable cause, StackTraceElement[] trace) {
            super(told, cause);
            this.told = told;
            setStackTrace(trace);
        }

        static Told of(Throwable thrown) {
            return of(thrown, DEPTH);
        }

        private static Told of(Throwable thrown, int depth) {
            Throwable cause = thrown.getCause();
            return new Told(
                    String.valueOf(plain(thrown.toString())),
                    cause == null || depth == 0 ? null : of(cause, depth - 1),
                    thrown.getStackTrace());
        }

        /** Begins with the name of the exception's own class, and not of this one. */
        @Override
        @SuppressWarnings("OverrideThrowableToString")
        public String toString() {
            return told;
        }
    }
}
