package io.countersign.service.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void oneMoreThanThereArePlacesIsToldToComeBack() throws Exception {
        var admission = new Admission(2);
        String inside = admission.admit(() -> admission.admit(() -> {
            var refusal = assertThrows(CountersignException.class, () -> admission.admit(() -> "third"));
            assertEquals(ProblemCode.OVERLOADED, refusal.problem().code());
            assertTrue(refusal.problem().retryAfter().isPresent());
            return "second";
        }));
        assertEquals("second", inside);
    }

    @Test
    void whoFailsGivesThePlaceBack() throws Exception {
        var admission = new Admission(1);
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    IllegalStateException.class,
                    () -> admission.admit(() -> {
                        throw new IllegalStateException("a bug");
                    }));
        }
        assertEquals("in", admission.admit(() -> "in"));
    }
}
