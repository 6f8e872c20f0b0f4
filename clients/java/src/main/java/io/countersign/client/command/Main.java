package io.countersign.client.command;

import io.countersign.client.Http;
import io.countersign.client.ServiceAddress;
import io.countersign.client.command.Options.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code java -jar countersign-client.jar attest|release|verify}. What is asked for goes to stdout, everything else to stderr. */
public final class Main {
    static final String USAGE = """
            Usage: java -jar countersign-client.jar <command> [options]
            Each option may stand in the environment instead: --key-file as COUNTERSIGN_KEY_FILE, a switch as =true.

            attest    get a token for this machine
              --service URL          the Countersign service
              --audience URI         the relying party, as it is registered with the service
              --policy ID            one of the audience's policies; its first when absent
              --policy-digest D      sha256:…, the content that the policy must have
              --key-file FILE        the machine's key, made there when absent; without it the token binds no key
              --token-file FILE      where the token goes, readable by its owner alone; stdout when absent
              --gpus, --switches     ask NVIDIA's collector for GPUs, for NVSwitches
              --gpu-collector CMD    instead of: nvattest collect-evidence --device gpu --format json --nonce {nonce}
              --switch-collector CMD the same for switches; words are split at spaces, and no shell reads them
              --configfs DIR         instead of /sys/kernel/config/tsm/report
              --event-log FILE|none  instead of /sys/firmware/acpi/tables/data/CCEL (TDX)
              --patience SECONDS     for how long attempts are repeated (120)

            release   get a secret with the token
              --kms URL --secret NAME --token-file FILE --key-file FILE
              --out FILE             where the secret goes, readable by its owner alone; stdout when absent

            verify    verify a token as a relying party does
              --issuer URL           as the token names it; the keys are found there
              --audience URI --token-file FILE
              --jwks FILE            the keys from a file instead of from the issuer
              --typ TYP              instead of eat+jwt
              --policy ID, --policy-digest D, --tee LIST, --gpu-count N, --key-bound, --max-age SECONDS
              --allow-warning, --allow-insecure, --allow-debug, --allow-any-workload

            For each: --ca-file PEM  trust these authorities and no others
                      --timeout SECONDS for one answer (30)
                      --insecure-http   plain http to other machines, too

            Exit codes: 0 done, 64 usage, 65 bad evidence or token, 69 service away, 70 internal, 75 try later,
            77 refused, 78 configuration.
            """;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] words) {
        System.exit(new Main(System.getenv(), System.out, System.err)
                .run(List.of(words))
                .code());
    }

    /** Runs one command; nothing leaves as an exception. */
    Exit run(List<String> words) {
        try {
            return dispatch(words);
        } catch (UsageException e) {
            say(e.what() + "\n  do: see java -jar countersign-client.jar help");
            return Exit.USAGE;
        } catch (IllegalArgumentException e) {
            say(String.valueOf(e.getMessage()));
            return Exit.CONFIGURATION;
        } catch (IOException e) {
            say(reason(e));
            return Exit.CONFIGURATION;
        } catch (RuntimeException e) {
            // The last line of defence: a unit file gets its code, and the report gets where to look.
            say("this client made a mistake: " + e + at(e) + "\n  do: report it with this line");
            return Exit.INTERNAL;
        }
    }

    private Exit dispatch(List<String> words) throws UsageException, IOException {
        String command = words.isEmpty() ? "" : words.get(0);
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        return switch (command) {
            case "attest" -> new AttestCommand(this).run(rest);
            case "release" -> new ReleaseCommand(this).run(rest);
            case "verify" -> new VerifyCommand(this).run(rest);
            case "help", "--help", "-h" -> {
                out.print(USAGE);
                yield Exit.DONE;
            }
            default -> {
                err.print(USAGE);
                yield Exit.USAGE;
            }
        };
    }

    Map<String, String> environment() {
        return environment;
    }

    PrintStream out() {
        return out;
    }

    void say(String text) {
        err.println("countersign-client: " + text);
    }

    void say(String what, String hint) {
        say(what + "\n  do: " + hint);
    }

    static Http http(Options options) throws UsageException, IOException {
        Duration time = options.seconds("timeout", Duration.ofSeconds(30));
        Optional<String> authorities = options.find("ca-file");
        return authorities.isPresent() ? Http.trusting(Path.of(authorities.get()), time) : Http.within(time);
    }

    static ServiceAddress address(Options options, String name) throws UsageException {
        String url = options.demand(name);
        return options.has("insecure-http") ? ServiceAddress.dangerouslyInTheClear(url) : ServiceAddress.of(url);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + " does not exist";
        }
        if (e instanceof FileSystemException file) {
            return file.getFile() + ": "
                    + (file.getReason() == null ? e.getClass().getSimpleName() : file.getReason());
        }
        return String.valueOf(e.getMessage());
    }

    private static String at(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
