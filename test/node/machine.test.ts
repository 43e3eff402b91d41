// How a machine's memory and cores become the sizes of a node's parts.
import { availableParallelism, totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { nodeFlags, readMachine, sizingOf } from "../../node/machine.ts";

const gibibyte = 1024 ** 3;
const sized = (memoryBytes: number, cores: number) => sizingOf({ memoryBytes, isLimited: false, cores });

describe("the sizes of a node", () => {
  test("on one core and 1 GB leave half of the memory to everything but the heap, and start no worker", () => {
    const sizing = sized(gibibyte, 1);
    expect(sizing.heapMegabytes).toBe(512);
    expect(sizing.verifyWorkers).toBe(0);
    // Heap, young generation (three halves), block cache and two write buffers fit with 200 MB to spare for code.
    const most =
      sizing.heapMegabytes * 1024 ** 2 +
      3 * sizing.youngMegabytes * 1024 ** 2 +
      sizing.blockCacheBytes +
      2 * sizing.writeBufferBytes;
    expect(most + 200 * 1024 ** 2).toBeLessThan(gibibyte);
  });

  test("never shrink when a machine has more memory or more cores", () => {
    const memories = [1, 256, 512, 1_024, 1_500, 2_048, 4_096, 8_192, 16_384, 65_536].map((mb) => mb * 1024 ** 2);
    for (const [index, memory] of memories.entries()) {
      const [less, more] = [sized(memories[index - 1] ?? memory, 3), sized(memory, 3)];
      for (const key of Object.keys(more) as (keyof typeof more)[]) {
        expect(more[key]).toBeGreaterThanOrEqual(less[key]);
        expect(sized(memory, 4)[key]).toBeGreaterThanOrEqual(more[key]);
      }
    }
  });

  test("are bounded at both ends", () => {
    expect(sized(64 * 1024 ** 2, 1).heapMegabytes).toBe(192);
    expect(sized(512 * gibibyte, 128)).toMatchObject({ heapMegabytes: 8_192, verifyWorkers: 4 });
  });

  test("become flags of Node", () => {
    expect(nodeFlags(sized(gibibyte, 1))).toEqual(["--max-old-space-size=512", "--max-semi-space-size=2"]);
  });
});

test("this machine is read, and never promises more than it has", () => {
  const machine = readMachine();
  expect(machine.memoryBytes).toBeGreaterThan(0);
  expect(machine.memoryBytes).toBeLessThanOrEqual(totalmem());
  expect(machine.cores).toBe(availableParallelism());
});
