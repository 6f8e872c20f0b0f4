package io.countersign.verifier.tee.nvgpu.rim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RimIdsTest {
    @Test
    void namesWhatNvidiaPublishes() {
        assertEquals(Optional.of("NV_GPU_DRIVER_GH100_550.144.03"), RimIds.driver("GH100", "550.144.03"));
        assertEquals(Optional.of("NV_GPU_CC_DRIVER_GB100_575.32"), RimIds.driver("GB100", "575.32"));
        assertEquals(
                Optional.of("NV_GPU_VBIOS_1010_0200_882_96005E0001"),
                RimIds.vbios("1010", "0200", "882", "96.00.5E.00.01"));
        assertEquals(
                Optional.of("NV_GPU_VBIOS_G520_0280_895_9600CF0002"),
                RimIds.vbios("g520", "0280", "895", "96.00.cf.00.02"));
        assertEquals(Optional.of("NV_SWITCH_BIOS_5612_0002_890_9610550001"), RimIds.switchBios("96.10.55.00.01"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "a_b",
                "a%2fb",
                "a b",
                "a\n",
                "a\u0000",
                "\u0661",
                "0123456789012345678901234567890123"
            })
    void takesNothingThatCouldNameAnotherPlace(String piece) {
        assertEquals(Optional.empty(), RimIds.driver("GH100", piece));
        assertEquals(Optional.empty(), RimIds.driver(piece, "550.90.07"));
        assertEquals(Optional.empty(), RimIds.vbios("1010", "0200", "882", piece));
        assertEquals(Optional.empty(), RimIds.switchBios(piece));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LS10", "gh100", "GH1000", "GB", "GA100", "gb100", "GB10.0"})
    void knowsNoDriverForOtherChips(String chip) {
        assertEquals(Optional.empty(), RimIds.driver(chip, "550.90.07"));
    }
}
