package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.api.request.RequestElement;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.api.request.RequestObject;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Appraisals one after the other in the place of one request, so that a batch takes no more of the service than others do.
 * Whatever is wrong with one, the others do not notice.
 *
 * @param answerBytes the longest answer; what would make it longer is told to come alone
 * @param time after which no further one is begun
 * @param nanos a clock that only runs forwards
 * @param observer learns of the problems in the answer
 */
record Batch(int answerBytes, Duration time, LongSupplier nanos, ProblemObserver observer) {
    private static final Logger LOG = Logger.getLogger(Batch.class);
    private static final int OK = 200;

    /** Explains one appraisal. */
    interface Judge {
        Map<String, Object> judge(RequestObject appraisal) throws Exception;
    }

    private record Item(int status, Bytes body) {
        static Item ok(Map<String, Object> result) {
            return new Item(OK, Bytes.copyOf(Json.write(result)));
        }
    }

    private Item problem(Problem problem) {
        observer.answered(problem.code());
        return new Item(problem.code().status(), Bytes.copyOf(Json.write(problem.document())));
    }

    /** The answer's bytes: one result for each appraisal, in order. */
    byte[] answer(List<RequestElement> appraisals, Judge judge) {
        long end = nanos.getAsLong() + time.toNanos();
        var answer = new ByteArrayOutputStream();
        write(answer, "{\"results\":[");
        String before = "{\"status\":";
        for (RequestElement appraisal : appraisals) {
            Item item = nanos.getAsLong() - end < 0 ? item(appraisal, judge) : problem(late());
            if (answer.size() + item.body().length() > answerBytes) {
                item = problem(tooMuch());
            }
            write(answer, before + item.status() + ",\"body\":");
            answer.writeBytes(item.body().toByteArray());
            write(answer, "}");
            before = ",{\"status\":";
        }
        write(answer, "]}");
        return answer.toByteArray();
    }

    private Item item(RequestElement appraisal, Judge judge) {
        try {
            return Item.ok(judge.judge(appraisal.object()));
        } catch (CountersignException e) {
            return problem(e.problem());
        } catch (RequestInvalidException e) {
            return problem(Problems.of(e));
        } catch (RefusedEvidenceException e) {
            return problem(Problems.of(e));
        } catch (GatheringOverloadedException e) {
            return problem(Problems.of(e));
        } catch (Exception e) {
            LOG.error("an appraisal of a batch ended with a mistake of our own", e);
            return problem(Problems.internalError());
        }
    }

    private Problem late() {
        return Problem.of(
                        ProblemCode.OVERLOADED,
                        "The appraisals before this one took the %d s that a batch has.".formatted(time.toSeconds()),
                        "Send what is left again, in smaller batches.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private Problem tooMuch() {
        return Problem.of(
                ProblemCode.REQUEST_TOO_LARGE,
                "With this result the answer would be longer than the %d bytes that a batch has."
                        .formatted(answerBytes),
                "Send this appraisal alone, or in a smaller batch.");
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
