package io.countersign.examples.ohttp;

import io.countersign.examples.ohttp.Expectations.Machines;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code java -jar ohttp.jar story | gateway … | client …}. */
public final class Main {
    private static final int REFUSED = 1;
    private static final int USAGE = 2;
    private static final int UNAVAILABLE = 3;
    private static final String HELP = """
            story
            gateway --key-file FILE --token-file FILE --port NUMBER [--key-id NUMBER]
                    the files are those that the boot client writes: --key-file and --token-file of `attest`
            client  --gateway URL --relay URL --issuer URL --audience URI --policy ID [--policy-digest sha256:…]
                    [--laboratory yes] --ask TEXT
            Ends with 0: done, 1: refused and nothing encrypted, 2: usage, 3: something cannot be reached or read.
            """;

    private final PrintStream out;
    private final PrintStream err;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command. */
    public static void main(String[] words) {
        int code = new Main(System.out, System.err).run(List.of(words));
        if (code != 0) {
            System.exit(code);
        }
    }

    int run(List<String> words) {
        try {
            return switch (words.isEmpty() ? "help" : words.getFirst()) {
                case "story" -> new Story(out).tell() ? 0 : REFUSED;
                case "gateway" -> gateway(options(words, Set.of("key-file", "token-file", "port", "key-id")));
                case "client" ->
                    client(options(
                            words,
                            Set.of(
                                    "gateway",
                                    "relay",
                                    "issuer",
                                    "audience",
                                    "policy",
                                    "policy-digest",
                                    "laboratory",
                                    "ask")));
                default -> throw new IllegalArgumentException("Expected one of these commands:");
            };
        } catch (RefusedException e) {
            err.println("Refused, and nothing was encrypted. " + e.getMessage());
            return REFUSED;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "\n" + HELP);
            return USAGE;
        } catch (IOException | MalformedException e) {
            err.println(e.getMessage());
            return UNAVAILABLE;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return UNAVAILABLE;
        }
    }

    private int gateway(Map<String, String> options) throws IOException, MalformedException {
        Path tokenFile = Path.of(demand(options, "token-file"));
        String jwk = read(Path.of(demand(options, "key-file")));
        GatewayKey key = GatewayKey.fromJwk(number(options.getOrDefault("key-id", "1"), 255), jwk);
        // Read anew each time: the boot client attests again before the token ends, with the same key.
        Gateway gateway = Gateway.start(
                number(demand(options, "port"), 65_535), List.of(key), () -> token(tokenFile), Story::reply);
        out.println("Serving the key " + key.thumbprint() + " at " + gateway.address() + MediaType.GATEWAY_PATH);
        return 0;
    }

    private static Optional<String> token(Path file) {
        try {
            return Optional.of(read(file).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IOException("The file " + file + " cannot be read; expected what the boot client wrote", e);
        }
    }

    private int client(Map<String, String> options)
            throws RefusedException, IOException, InterruptedException, MalformedException {
        var expected = new Expectations(
                URI.create(demand(options, "issuer")),
                demand(options, "audience"),
                demand(options, "policy"),
                Optional.ofNullable(options.get("policy-digest")),
                "yes".equals(options.get("laboratory")) ? Machines.LABORATORY_TOO : Machines.PRODUCTION);
        byte[] request = new BinaryHttp.Request("POST", "https", "inference.example", "/v1/ask", demand(options, "ask"))
                .encode();
        try (var client = new Client(
                URI.create(demand(options, "gateway")),
                URI.create(demand(options, "relay")),
                expected,
                InstantSource.system())) {
            BinaryHttp.Response response = BinaryHttp.Response.parse(client.ask(request));
            out.println(response.status() + " " + response.content());
            return 0;
        }
    }

    private static Map<String, String> options(List<String> words, Set<String> known) {
        var options = new HashMap<String, String>();
        for (int i = 1; i < words.size(); i += 2) {
            String name = words.get(i).startsWith("--") ? words.get(i).substring(2) : "";
            if (!known.contains(name) || i + 1 == words.size()) {
                throw new IllegalArgumentException("Not an option with a value: " + words.get(i));
            }
            if (options.put(name, words.get(i + 1)) != null) {
                throw new IllegalArgumentException("Given twice: " + words.get(i));
            }
        }
        return options;
    }

    private static int number(String text, int highest) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= highest) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, like a number that is too high.
        }
        throw new IllegalArgumentException("Not a number from 0 to " + highest + ": " + text);
    }

    private static String demand(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Missing: --" + name);
        }
        return value;
    }
}
