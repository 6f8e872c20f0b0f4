package io.countersign.insecure;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The whole story with the programs that users run: a boot client on a played machine, the service, a key service, a secret. */
final class DemoStory {
    private static final Path CLIENT = Path.of("clients", "shell", "countersign-attest");
    private static final int DONE = 0;
    private static final int REFUSED = 77;
    private static final int SECRET_BYTES = 32;

    private final DemoPrinter printer;
    private final DemoService service;
    private final DemoService.World world;
    private final DiskMachine.Makers makers;
    private final Path folder;

    /** How it went. */
    enum Ending {
        AS_IT_SHOULD,
        ANOTHER
    }

    DemoStory(
            DemoPrinter printer, DemoService service, DemoService.World world, DiskMachine.Makers makers, Path folder) {
        this.printer = printer;
        this.service = service;
        this.world = world;
        this.makers = makers;
        this.folder = folder;
    }

    Ending tell() throws IOException, InterruptedException, DemoException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        printer.heading(
                "9. A machine with 8 GPUs boots: clients/shell attests it and gets a secret from the key service of examples/kms");
        try (DemoKms kms = DemoKms.start(folder, service, world, digest(), secret)) {
            printer.line("the key service holds %s: %s".formatted(DemoKms.SECRET, hex(secret)));
            Path good = Files.createDirectories(folder.resolve("machine"));
            Ending got = boot(kms, good, DemoGpus.Setup.CONFIDENTIAL) == DONE && Arrays.equals(secret, opened(good))
                    ? Ending.AS_IT_SHOULD
                    : Ending.ANOTHER;
            if (got == Ending.AS_IT_SHOULD) {
                printer.line("the machine opened it:             " + hex(opened(good)));
            }
            printer.heading("10. Somebody shows the token of 9 to the key service once more");
            int replayed = show(kms, Files.readString(good.resolve("token")));
            printer.heading("11. The machine of 9 boots again, but its host left gpu3 in the mode for developer tools");
            Path bad = Files.createDirectories(folder.resolve("tampered"));
            int refused = boot(kms, bad, DemoGpus.Setup.ONE_IN_DEVTOOLS);
            return got == Ending.AS_IT_SHOULD && replayed == 401 && refused == REFUSED && !Files.exists(out(bad))
                    ? Ending.AS_IT_SHOULD
                    : Ending.ANOTHER;
        }
    }

    /** The content of the policy as it is loaded: the key service releases its secret under no other. */
    private String digest() throws IOException, InterruptedException {
        return service.get("/v1/policies/" + DemoPolicy.GPUS).path("digest").asText();
    }

    private static Path out(Path machine) {
        return machine.resolve(DemoKms.SECRET);
    }

    private int boot(DemoKms kms, Path folder, DemoGpus.Setup gpus) throws IOException, InterruptedException {
        try (DiskMachine machine = DiskMachine.start(folder, makers, DiskMachine.Cpu.SEV_SNP, gpus)) {
            var command = new ArrayList<>(List.of("sh", CLIENT.toString(), "run"));
            command.addAll(List.of("--service", service.address().toString()));
            command.addAll(List.of("--kms", kms.address().toString(), "--insecure-http"));
            command.addAll(List.of("--audience", world.audience(), "--policy", DemoPolicy.GPUS));
            command.addAll(List.of("--gpus", machine.collector().toString()));
            command.addAll(
                    List.of("--secret", DemoKms.SECRET, "--out", out(folder).toString()));
            printer.line("$ " + String.join(" ", command) + " …");
            command.addAll(List.of("--tsm", machine.tsm().toString()));
            command.addAll(List.of("--endorsements", machine.endorsements().toString()));
            command.addAll(List.of("--key", folder.resolve("key.pem").toString()));
            command.addAll(List.of("--token", folder.resolve("token").toString()));
            Process client =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(printer::line);
            }
            int code = client.waitFor();
            printer.line("exit code " + code);
            return code;
        }
    }

    /** The secret as the client left it; where no jose is installed, that is still wrapped, and is opened here. */
    private static byte[] opened(Path machine) throws IOException {
        if (Files.exists(out(machine))) {
            return Files.readAllBytes(out(machine));
        }
        Path wrapped = machine.resolve(DemoKms.SECRET + ".jwe");
        if (!Files.exists(wrapped)) {
            return new byte[0];
        }
        try {
            JWEObject jwe = JWEObject.parse(Files.readString(wrapped).trim());
            ECKey key = JWK.parseFromPEMEncodedObjects(Files.readString(machine.resolve("key.pem")))
                    .toECKey();
            jwe.decrypt(new ECDHDecrypter(key));
            return jwe.getPayload().toBytes();
        } catch (ParseException | JOSEException _) {
            return new byte[0];
        }
    }

    private int show(DemoKms kms, String token) throws IOException, InterruptedException {
        URI address = kms.address().resolve("/v1/secrets/%s/release".formatted(DemoKms.SECRET));
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(address)
                            .header("Authorization", "Bearer " + token.trim())
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            printer.line("HTTP %d %s".formatted(answer.statusCode(), answer.body()));
            return answer.statusCode();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
