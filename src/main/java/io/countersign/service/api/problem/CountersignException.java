package io.countersign.service.api.problem;

/** A request that ends with a problem document. What stands in the problem is public; a cause never leaves the service. */
public final class CountersignException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    public CountersignException(Problem problem) {
        super(problem.code().code() + ": " + problem.detail());
        this.problem = problem;
    }

    public CountersignException(ProblemCode code, String detail, String hint) {
        this(Problem.of(code, detail, hint));
    }

    public Problem problem() {
        return problem;
    }
}
