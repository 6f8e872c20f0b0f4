package io.countersign.client.machine;

import io.countersign.client.Bytes;
import java.util.List;

/** What can be asked for evidence. The devices are asked first: the CPU's report commits to what they answer. */
public interface Machine {
    /** Every GPU, then every switch, answering the nonce of 32 bytes; numbered from 0 in each class. */
    List<Device> devices(Bytes nonce) throws MachineException;

    /** The CPU's report over the 64 bytes. */
    Cpu cpu(Bytes reportData) throws MachineException;
}
