package io.countersign.proof;

import io.countersign.proof.RelyingSoftware.Setup;
import io.countersign.proof.RelyingSoftware.Terms;
import java.io.IOException;
import java.util.Set;

/** The software that tokens are proven with, under the names of the table in docs/relying-parties.md. */
enum Software {
    JOSE4J("jose4j") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) {
            return new Jose4jSoftware(setup, terms);
        }
    },
    SMALLRYE("SmallRye JWT") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) {
            return new SmallRyeSoftware(setup, terms);
        }
    },
    SPRING("Spring Security") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) {
            return new SpringSoftware(setup, terms);
        }
    },
    NODE("npm jose") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) throws IOException, InterruptedException {
            return new NodeSoftware(setup, terms);
        }
    },
    JOSE_COMMAND("jose command") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) throws IOException, InterruptedException {
            return new JoseCommandSoftware(setup, terms);
        }
    },
    HAPROXY("HAProxy") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) throws IOException, InterruptedException {
            return new HaproxySoftware(setup, terms);
        }
    },
    APACHE("Apache mod_oauth2") {
        @Override
        RelyingSoftware open(Setup setup, Terms terms) throws IOException, InterruptedException {
            return new ApacheSoftware(setup, terms);
        }

        /** It knows claims, and of the header what it verifies with. */
        @Override
        Set<Attack> beyond() {
            return Set.of(Attack.OTHER_TYPE);
        }
    };

    private final String title;

    Software(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** What it cannot be told to check. */
    Set<Attack> beyond() {
        return Set.of();
    }

    abstract RelyingSoftware open(Setup setup, Terms terms) throws IOException, InterruptedException;

    /** With the least setup, Spring's decoder wants the type JWT, so it is registered for it. */
    String audience(Setup setup) {
        return this == SPRING && setup == Setup.LEAST ? ProofServices.OF_TYPE_JWT : PackagedService.AUDIENCE;
    }
}
