package io.countersign.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.fixtures.Core;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same damage in every build; a failure prints the input, which then becomes a case of its own. */
class MutationTest {
    private static final long SEED = 56_860;

    /** Far above what any input takes, and far below what somebody could call a hang. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** Seeds longer than this are read as they are: what is wrong with them is their size. */
    private static final int DAMAGED = 40_000;

    private static final int SHOWN = 3_000;

    @ParameterizedTest
    @EnumSource(Target.class)
    void onlyDeclaredExceptionsComeOut(Target target) {
        var endings = run(Seeds.of(target), target.mutations(), target::read);
        assertEquals(
                target.mutations() + Seeds.of(target).size(),
                endings.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(
                endings.containsKey(Target.Ending.REFUSED),
                "nothing was refused: the damage does not reach the reader");
        assertTrue(
                endings.containsKey(Target.Ending.ACCEPTED),
                "nothing was accepted: the seeds do not get past the first step");
    }

    @Test
    void policyAroundAHostileRuleIsNotWhatIsRefused() {
        for (String rule : List.of("!cpu.debug", "cpu.launch_measurement in references.images")) {
            assertEquals(Target.Ending.ACCEPTED, Target.DRAFT.read(Seeds.utf8(Seeds.around(rule))));
        }
    }

    /** Compiling seven hundred rules takes seconds; saying that they are too many does not. */
    @Test
    void policyOfTooManyRulesIsRefusedBeforeAnyIsCompiled() {
        byte[] many = Seeds.utf8(HostilePolicies.manyRules());
        var reading = Core.POLICIES.parseDraft(new String(many, StandardCharsets.UTF_8));
        assertTrue(reading.rendered().contains("at most 200 rules"), reading.rendered());
        assertEquals(1, reading.findings().size(), reading.rendered());
    }

    @Test
    void plantedFaultIsFound() {
        var found = assertThrows(
                AssertionError.class,
                () -> run(List.of(new byte[64]), 20_000, input -> {
                    if (input.length > 3 && input[2] == (byte) 0x80 && input[3] == 0) {
                        throw new IllegalStateException("planted");
                    }
                    return Target.Ending.REFUSED;
                }));
        assertTrue(String.valueOf(found.getMessage()).contains("planted"), found.getMessage());
    }

    @Test
    void overflowOfTheStackIsAFault() {
        assertThrows(
                AssertionError.class,
                () -> run(List.of(new byte[1]), 1, input -> {
                    throw new StackOverflowError();
                }));
    }

    private static EnumMap<Target.Ending, Integer> run(
            List<byte[]> seeds, int mutations, Function<byte[], Target.Ending> reader) {
        var endings = new EnumMap<Target.Ending, Integer>(Target.Ending.class);
        seeds.forEach(seed -> endings.merge(read(reader, seed), 1, Integer::sum));
        var small = seeds.stream().filter(seed -> seed.length <= DAMAGED).toList();
        var damage = new Mutations(small, new SplittableRandom(SEED));
        for (int i = 0; i < mutations; i++) {
            endings.merge(read(reader, damage.next()), 1, Integer::sum);
        }
        return endings;
    }

    private static Target.Ending read(Function<byte[], Target.Ending> reader, byte[] input) {
        long began = System.nanoTime();
        Target.Ending ending;
        try {
            ending = reader.apply(input);
        } catch (Exception | Error e) { // an error that bad input provokes is exactly what is looked for
            throw new AssertionError("%s came out; the input was %s".formatted(e, shown(input)), e);
        }
        long took = System.nanoTime() - began;
        assertTrue(took <= LONGEST.toNanos(), () -> "%d ms for %s".formatted(took / 1_000_000, shown(input)));
        return ending;
    }

    private static String shown(byte[] input) {
        String text = Base64.getEncoder().encodeToString(input);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (%d bytes)".formatted(input.length);
    }
}
