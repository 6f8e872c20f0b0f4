package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeLinesTest {
    private static final String FORGED = "2026-01-01 00:00:00,000 ERROR tokens can be signed again";
    private static final PatternFormatter PLAIN = new PatternFormatter("%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %s%e%n");

    private final WholeLines filter = new WholeLines();

    private String written(ExtLogRecord record) {
        assertTrue(filter.isLoggable(record));
        return PLAIN.format(record);
    }

    private static ExtLogRecord said(String format, Object... parameters) {
        var record = new ExtLogRecord(Level.WARN, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        record.setParameters(parameters);
        return record;
    }

    private static List<String> forged(String written) {
        return written.lines().filter(line -> line.startsWith("2026-01-01")).toList();
    }

    /** Every way in which a terminal or a reader of lines may see a new one. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\u001b[1G"})
    void nothingWithinAMessageBeginsALine(String between) {
        String written = written(said("the file %s cannot be read", "name" + between + FORGED));
        assertEquals(List.of(), forged(written), written);
        assertTrue(written.chars()
                .allMatch(each -> each == '\n' || !Character.isISOControl(each) && each != 0x2028 && each != 0x2029));
    }

    @Test
    void nothingWithinAnExceptionOrItsCausesBeginsALine() {
        var thrown = new IllegalStateException("one\n" + FORGED, new IOException("two\r" + FORGED));
        var record = said("a request ended");
        record.setThrown(thrown);
        String written = written(record);
        assertEquals(List.of(), forged(written), written);
        assertFalse(written.contains("\r"));
        assertTrue(written.contains("java.lang.IllegalStateException: one\n    2026-01-01"), written);
        assertTrue(written.contains("Caused by: java.io.IOException: two\\u000d2026-01-01"), written);
        assertTrue(written.contains("WholeLinesTest.nothingWithin"), "the trace stays");
    }

    @Test
    void exceptionThatCausesItselfInARingIsToldAndEnds() {
        var first = new IllegalStateException("one\ntwo");
        first.initCause(new IllegalArgumentException("three", first));
        var record = said("a request ended");
        record.setThrown(first);
        assertTrue(filter.isLoggable(record));
    }

    @Test
    void linesOfAMessageStayLinesAndKeepTheirColumns() {
        String written = written(said("%s", "policy a.yaml, line 3:\nrequire: [\n         ^"));
        assertTrue(written.endsWith("policy a.yaml, line 3:\n    require: [\n             ^\n"), written);
    }

    @Test
    void whatIsPlainStaysAsItIs() {
        var thrown = new IllegalStateException("plain");
        var record = said("%s of ümläut and \t tab, 100%%", "text");
        record.setThrown(thrown);
        assertTrue(written(record).contains("text of ümläut and \t tab, 100%"));
        assertSame(thrown, record.getThrown());
        assertEquals("%s of ümläut and \t tab, 100%%", record.getMessage());
    }
}
