package io.countersign.verifier.policy.logic;

import dev.cel.common.ast.CelExpr;

/** Judges rules one by one. */
public final class Logic {
    /** Enough for any rule that a person wrote; a draft of 200 rules made to cost takes a fraction of a second. */
    static final long MOST_WORK = 10_000;

    private final Facts facts;
    private final Facts open;

    public Logic(Facts facts) {
        this.facts = facts;
        this.open = facts.withOpenWords();
    }

    /**
     * What is certain of a rule.
     *
     * @param rule as parsed, macros written out, types checked
     */
    public Judgement judge(CelExpr rule) {
        return judge(rule, new Effort(MOST_WORK), new Effort(MOST_WORK));
    }

    Judgement judge(CelExpr rule, Effort onTrue, Effort onFalse) {
        if (Search.run(new FormulaReader(facts).read(rule, true), onTrue) instanceof Search.Impossible(var clashes)) {
            return new Judgement.Never(clashes);
        }
        return Search.run(new FormulaReader(open).read(rule, false), onFalse) instanceof Search.Impossible(var clashes)
                ? new Judgement.Always(clashes)
                : new Judgement.Open();
    }
}
