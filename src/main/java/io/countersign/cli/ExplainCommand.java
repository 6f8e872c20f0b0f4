package io.countersign.cli;

import io.countersign.cases.Case;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy explain}: what a policy demands, or what it says about one case. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says in words what a policy demands, with everything that it draws in.",
            "With --case, judges that case and says how every rule came out; nothing is fetched."
        })
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "<policy>", description = "A file, or the id of a shipped policy.")
    private String policy = "";

    @Option(
            names = "--case",
            paramLabel = "<case>",
            description = "A recorded case, the body of an appraisal with \"at\", or fixture:<folder>/<name>.")
    private @Nullable String caseName;

    @Option(names = "--json", description = "The same as JSON; with --case, the result as the service would answer it.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    @Override
    public Integer call() throws CommandException {
        var workspace = new Workspace(anchors.court());
        AppraisalPolicy usable = Workspace.usable(workspace.policy(policy));
        var terminal = Terminal.of(System.out);
        if (caseName == null) {
            Instant now = Instant.now();
            if (json) {
                terminal.json(PolicyDocument.of(usable, now));
            } else {
                new PolicyText(terminal, usable, now).print();
            }
            return Main.FINE;
        }
        Case tried = workspace.stored(caseName);
        AttestationResult result =
                new Verifier().appraise(tried.evidence(), tried.inHand(), usable, tried.binding(), tried.at());
        if (json) {
            terminal.json(ResultDocument.of(
                    result, ResultDocument.Mark.NOT_SET, ResultDocument.Mark.NOT_SET, ResultDocument.Wanted.SHOWN));
        } else {
            new ResultText(terminal).print(tried.name(), result);
        }
        return result.favourable() ? Main.FINE : Main.FOUND;
    }
}
