package io.countersign.service.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything an operator can set under {@code countersign.}; what is not set is the safe choice. */
@ConfigMapping(prefix = "countersign")
public interface CountersignConfig {
    /** Who signs: the {@code iss} of tokens and the base of discovery. Set it to the address that KMSs use. */
    String issuer();

    /** State that must survive a restart: signing keys and cached endorsements. */
    @WithDefault("data")
    Path dataDir();

    /**
     * A folder of policy files beside the shipped ones, in it or in its sub-folders; a file of the same id takes the shipped
     * one's place. It is watched: see {@code countersign.policies}.
     */
    Optional<Path> policiesDir();

    Policies policies();

    /** Judges appraisals that name no policy; readiness demands that it is loaded. */
    @WithDefault("baseline")
    String defaultPolicy();

    /**
     * Where replicas share what must happen once: {@code redis://} or {@code rediss://}, with user, password and database in
     * the URL. Without it, that is kept in memory, and one replica is all there may be.
     */
    Optional<String> redisUrl();

    Store store();

    /** Who may ask for tokens, by a name of the operator's choice. */
    Map<String, Audience> audiences();

    /** Who may authenticate, by a name of the operator's choice. */
    Map<String, CallerConfig> callers();

    Collateral collateral();

    Insecure insecure();

    LimitsConfig limits();

    AccessConfig access();

    AuditConfig audit();

    EarlyWarningConfig earlyWarning();

    TracesConfig traces();

    TokenConfig token();

    Challenge challenge();

    Recording recording();

    /** Whether appraisals may carry a draft policy. */
    @WithDefault("true")
    boolean drafts();

    /** One relying party. */
    interface Audience {
        /** What the request names and the token's {@code aud} says. */
        String uri();

        /** The policies it may ask for; the first is its default. */
        List<String> policies();

        /** Whether authenticated callers may bring a nonce of their own. */
        @WithDefault("false")
        boolean callerNonce();

        /** The token's {@code typ}: {@code eat+jwt}, or {@code JWT} for relying parties that know no other. */
        @WithDefault("eat+jwt")
        String typ();

        /** {@code ear}, or {@code ear-legacy}: the dotted names that relying parties of EAR's older drafts know. */
        @WithDefault("ear")
        String dialect();

        /** {@code brief} or {@code full}: full adds the hardware model of each device. */
        @WithDefault("brief")
        String detail();
    }

    /** How the policy folder is watched. */
    interface Policies {
        /** How often it is read; a change counts when two readings in a row see the same. From 1s to 1h. */
        @WithDefault("2s")
        Duration poll();

        /**
         * PEM file of public keys or certificates, of which the key alone counts. With it, a file of the folder is loaded
         * only with a signature of one of them beside it, in {@code <file>.sig}. Read at start.
         */
        Optional<Path> signers();
    }

    /** Where endorsements come from. */
    interface Collateral {
        /** True: never leave the machine. */
        @WithDefault("false")
        boolean offline();

        /** AMD's Key Distribution Service or a mirror of it. */
        @WithDefault("https://kdsintf.amd.com")
        String amdKdsUrl();

        /** Intel's Provisioning Certification Service or a PCCS; several are asked in this order. */
        @WithDefault("https://api.trustedservices.intel.com")
        List<String> intelPcsUrl();

        /** Where Intel's root revocation list is, when neither Intel nor the PCCS at {@code intel-pcs-url} has it. */
        Optional<String> intelRootCrlUrl();

        /** Intel's channel for TCB info and QE identities: {@code standard} or {@code early}. */
        @WithDefault("standard")
        String intelUpdate();

        IntelTls intelTls();

        /** The age after which TCB info and QE identities are fetched anew though they have not expired. */
        @WithDefault("6h")
        Duration intelCollateralMaxAge();

        /** NVIDIA's RIM service or a mirror of it. */
        @WithDefault("https://rim.attestation.nvidia.com")
        String nvidiaRimUrl();

        /** Shown to the RIM service as a bearer token, where it asks for one; never logged. */
        Optional<String> nvidiaApiKey();

        /** The age after which a RIM is fetched anew: NVIDIA signs RIMs again under the same id. */
        @WithDefault("24h")
        Duration nvidiaRimMaxAge();

        /** NVIDIA's OCSP responder or a cache of it; the addresses in certificates are never used. */
        @WithDefault("https://ocsp.ndis.nvidia.com")
        String nvidiaOcspUrl();

        /** {@code required}, or {@code optional} for a cache that replays answers, such as NVIDIA's Trust Outpost. */
        @WithDefault("required")
        String nvidiaOcspNonce();

        /** The age after which an OCSP answer is fetched anew though it has not expired. */
        @WithDefault("1h")
        Duration nvidiaOcspMaxAge();

        /** The longest a request waits for a fetch. */
        @WithDefault("5s")
        Duration waitAtMost();

        /** For making one connection. */
        @WithDefault("3s")
        Duration connectTimeout();

        /** For one whole fetch, the body included. */
        @WithDefault("10s")
        Duration requestTimeout();

        /** The age after which a revocation list is fetched anew though it has not expired. */
        @WithDefault("6h")
        Duration crlMaxAge();

        Budget budget();

        /** Fetches under way at one time, for each vendor and each of its queues. */
        @WithDefault("4")
        int maxConcurrent();

        /** Fetches that may wait for their turn. */
        @WithDefault("64")
        int queue();

        Throttled throttled();

        Failing failing();

        /** How long "there is no such thing" is believed. */
        @WithDefault("5m")
        Duration notFoundFor();

        /** How long before its end a certificate is fetched anew. */
        @WithDefault("30d")
        Duration reissueBefore();

        /** VCEKs kept in memory. */
        @WithDefault("10000")
        int rememberedChips();

        /** VCEKs kept in the folder. */
        @WithDefault("50000")
        int storedChips();

        /** Clients whose budgets are remembered. */
        @WithDefault("10000")
        int trackedClients();

        /** Chips never seen before that one client may make the service look up; eight times as many NVIDIA devices. */
        interface Budget {
            @WithDefault("30")
            int chips();

            @WithDefault("10m")
            Duration per();
        }

        /** Which servers to believe that they are where Intel's collateral comes from. */
        interface IntelTls {
            /** PEM file of authorities, or of servers' own certificates, beside what Java trusts. */
            Optional<Path> caCertificates();
        }

        /** The wait after a 429 that does not say how long. */
        interface Throttled {
            @WithDefault("10s")
            Duration first();

            @WithDefault("30s")
            Duration longest();
        }

        /** The wait after an outage. */
        interface Failing {
            @WithDefault("2s")
            Duration first();

            @WithDefault("60s")
            Duration longest();
        }
    }

    /** Laboratory trust anchors: for demos, tests and conformance suites, never for production. */
    interface Insecure {
        /** Nothing laboratory counts unless this says so. */
        @WithDefault("false")
        boolean enabled();

        /** PEM file of roots, each block after a line {@code # anchor: <role> <variant>}. */
        Optional<Path> anchors();
    }

    /** How challenges are made. */
    interface Challenge {
        @WithDefault("300s")
        Duration lifetime();

        /** File of 32 to 4096 random bytes that all replicas share; needed with Redis, and only then. Read at start. */
        Optional<Path> secretFile();
    }

    /** How the shared store is used. */
    interface Store {
        /** The longest one step may take, connecting included. From 10ms to 10s. */
        @WithDefault("1s")
        Duration timeout();

        /** Stands before every key, so that one Redis may serve others too: 1 to 64 characters without a space. */
        @WithDefault("countersign:")
        String prefix();
    }

    /** Keeps what was judged, to try policies on: off unless a folder is named. */
    interface Recording {
        /** Where case files are written: whole evidence, with the identifiers of machines in it. */
        Optional<Path> dir();

        /** The oldest files go when there are more bytes than this. */
        @WithDefault("1073741824")
        long maxBytes();

        /** The oldest files go when there are more than this. */
        @WithDefault("20000")
        int maxCases();

        /** {@code attestations}, or {@code all}: appraisals under loaded policies too. */
        @WithDefault("attestations")
        String what();
    }
}
