package io.countersign.verifier.policy;

/** An advisory with its condition ready to be evaluated; the rule that carries the condition is never judged. */
record CompiledAdvisory(Advisory advisory, CompiledRule condition) {}
