package io.countersign.service.collateral;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's RIM service, version 1, or a mirror with the same paths. Ids are made of what a device reports about itself, so
 * they are looked at once more before one becomes part of an address or of a file's name.
 */
public final class NvidiaRims implements EndorsementSource {
    /** Generous: genuine RIMs stay below 32 KiB. */
    private static final int MAX_RIM = 256 * 1024;

    /** The RIM in base64, and what stands around it. */
    private static final int MAX_ANSWER = MAX_RIM / 3 * 4 + 16 * 1024;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.]{0,127}");

    /** Project, project SKU and chip SKU of a board; its VBIOS. */
    private static final Pattern VBIOS_ID =
            Pattern.compile("NV_GPU_VBIOS_([A-Za-z0-9]+_[A-Za-z0-9]+_[A-Za-z0-9]+)_([A-Za-z0-9]+)");

    private static final String WHEN_REFUSED =
            "it wants a key, or another one. Set countersign.collateral.nvidia-api-key to a key that NVIDIA gave you";

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final CollateralConfig config;
    private final NvidiaConfig nvidia;
    private final String vendor;
    private final HttpFetcher http;

    public NvidiaRims(CollateralConfig config, InstantSource clock) {
        this.config = config;
        this.nvidia = config.nvidia();
        this.vendor = "NVIDIA's RIM service at " + nvidia.rimUrl().getHost();
        this.http = new HttpFetcher(config.connectTimeout(), clock, HttpFetcher.Tls.asJavaDoes());
    }

    @Override
    public String vendor() {
        return "nvidia-rim";
    }

    @Override
    public boolean supports(EndorsementRef ref) {
        return ref instanceof NvidiaEndorsementRef.Rim;
    }

    @Override
    public Optional<String> objection(EndorsementRef ref) {
        String id = rim(ref).id();
        return ID.matcher(id).matches() && !id.contains("..")
                ? Optional.empty()
                : Optional.of(
                        "the device reports versions that make no id of a RIM: up to 128 letters, digits, dots and"
                                + " underscores");
    }

    @Override
    public EndorsementTraits traits(EndorsementRef ref) {
        String id = rim(ref).id();
        return new EndorsementTraits(
                "nvidia-rim",
                id,
                EndorsementTraits.Use.PER_FAMILY,
                MAX_RIM,
                files(id),
                Optional.of(nvidia.rimMaxAge()),
                nvidia.rimMaxAge().dividedBy(4),
                Optional.empty());
    }

    /** The second is the name under which NVIDIA's nvtrust shipped RIMs of boards before there was a service. */
    private static List<String> files(String id) {
        String file = "nvidia/rims/%s.xml".formatted(id);
        Matcher vbios = VBIOS_ID.matcher(id);
        return vbios.matches()
                ? List.of(
                        file,
                        "nvidia/rims/%s_%s_PROD.swidtag"
                                .formatted(vbios.group(1).toLowerCase(Locale.ROOT), vbios.group(2)))
                : List.of(file);
    }

    @Override
    public Reading read(EndorsementRef ref, Bytes content) {
        return NvidiaReadings.read(rim(ref), content);
    }

    @Override
    public List<URI> origins(EndorsementRef ref) {
        return List.of(nvidia.rimUrl());
    }

    @Override
    public Fetched fetch(EndorsementRef ref, URI origin, Duration atMost) {
        String id = rim(ref).id();
        var question = new HttpFetcher.Question(vendor, HttpFetcher.below(origin, "/v1/rim/" + id), MAX_ANSWER, atMost);
        return HttpFetcher.heedingRetryAfter(http.ask(
                question, new HttpFetcher.Manner.Get(nvidia.apiKey(), WHEN_REFUSED), (body, _) -> unwrapped(id, body)));
    }

    /** NVIDIA RIM service API, {@code GET /v1/rim/{id}}. */
    private Fetched unwrapped(String id, Bytes body) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body.toUtf8());
        } catch (JsonProcessingException _) {
            return wrong("sent something that is not one JSON object");
        }
        if (!answer.path("id").isTextual() || !answer.path("id").textValue().equals(id)) {
            return wrong("sent something other than the RIM that was asked for");
        }
        Bytes rim;
        try {
            rim = Bytes.copyOf(Base64.getDecoder().decode(answer.path("rim").asText()));
        } catch (IllegalArgumentException _) {
            return wrong("sent a RIM that is not base64");
        }
        if (rim.length() > MAX_RIM) {
            return wrong("sent a RIM of %d bytes; %d are read".formatted(rim.length(), MAX_RIM));
        }
        // Early answers of the service had none; the manifest's own signature is what counts.
        boolean fits = !answer.has("sha256")
                || answer.path("sha256")
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .equals(rim.sha256().toString());
        return fits ? new Fetched.Received(rim) : wrong("sent a RIM that has not the SHA-256 that it says");
    }

    private Fetched wrong(String what) {
        return new Fetched.Failed(FetchFailure.WRONG_BODY, vendor + " " + what);
    }

    @Override
    public CollateralConfig.Budget budget() {
        return config.budget();
    }

    /** They are known only once genuine evidence has named them. */
    @Override
    public List<EndorsementRef> shared() {
        return List.of();
    }

    private static NvidiaEndorsementRef.Rim rim(EndorsementRef ref) {
        if (ref instanceof NvidiaEndorsementRef.Rim rim) {
            return rim;
        }
        throw new IllegalArgumentException("NVIDIA's RIM service does not supply " + ref.description());
    }

    @Override
    public void close() {
        http.close();
    }
}
