package io.countersign.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The Java of the image has what the jars refer to, or it is written down why not. */
class ModulesTest {
    @Test
    void everyPackageOfJavaThatAJarRefersToIsThereOrKnownToBeLeftOut() throws IOException {
        Path root = BuiltImage.OUTPUT.resolve("root");
        assumeTrue(Files.isDirectory(root), "there is no target/image/root: run ./countersign image first");
        Set<String> absent = absentPackages(root.resolve("opt/java/release"));
        var referredTo = new TreeSet<String>();
        for (Path jar : Trees.files(root.resolve("app"))) {
            if (jar.toString().endsWith(".jar")) {
                collect(jar, absent, referredTo);
            }
        }
        var usedEntries = new TreeSet<String>();
        for (String known : JavaRuntime.LEFT_OUT) {
            if (referredTo.removeIf(name -> (name + ".").startsWith(known + "."))) {
                usedEntries.add(known);
            }
        }
        assertEquals(Set.of(), referredTo);
        assertEquals(new TreeSet<>(JavaRuntime.LEFT_OUT), usedEntries, "entries that no jar refers to any more");
    }

    /** Packages of this JDK whose module the image does not have. */
    private static Set<String> absentPackages(Path release) throws IOException {
        var facts = new Properties();
        try (var in = Files.newBufferedReader(release)) {
            facts.load(in);
        }
        var there = Set.of(facts.getProperty("MODULES").replace("\"", "").split(" ", -1));
        var absent = new HashSet<String>();
        for (var module : ModuleFinder.ofSystem().findAll()) {
            if (!there.contains(module.descriptor().name())) {
                absent.addAll(module.descriptor().packages());
            }
        }
        return absent;
    }

    private static void collect(Path jar, Set<String> absent, Set<String> found) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream()
                    .filter(each ->
                            each.getName().endsWith(".class") && !each.getName().endsWith("module-info.class"))
                    .toList()) {
                byte[] bytes;
                try (var in = file.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                for (var each : ClassFile.of().parse(bytes).constantPool()) {
                    if (each instanceof ClassEntry type) {
                        String name = type.asInternalName().replaceFirst("^\\[+L?", "");
                        int end = name.lastIndexOf('/');
                        String place = end < 0 ? "" : name.substring(0, end).replace('/', '.');
                        if (absent.contains(place)) {
                            found.add(place);
                        }
                    }
                }
            }
        }
    }
}
