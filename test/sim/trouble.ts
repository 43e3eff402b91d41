// The troubled phase: partitions that open and close, crashes, suspensions, disks that fail. Owns when each happens, from
// the swarm's rates; what each does is the network's, the node's and the disk's.

import { EXIT_STORAGE_FAILURE, FatalError } from "../../node/ports.ts";
import type { SimNode } from "./node.ts";
import type { Swarm } from "./swarm.ts";
import type { World } from "./world.ts";

const TICK_MS = 500;
/** Clocks are set ahead by this, so that none is ever before genesis. */
export const CLOCK_BASE_MS = 31_000;

export interface TroubleCounts {
  partitions: number;
  suspensions: number;
  diskFaults: number;
  flips: number;
}

export class Trouble {
  readonly counts: TroubleCounts = { partitions: 0, suspensions: 0, diskFaults: 0, flips: 0 };
  readonly #world: World;
  readonly #swarm: Swarm;
  #over = false;

  constructor(world: World, swarm: Swarm) {
    this.#world = world;
    this.#swarm = swarm;
    const { random } = world;
    for (const node of world.nodes) {
      node.skewMs = CLOCK_BASE_MS + random.between(-swarm.skewMs, swarm.skewMs);
      node.disk.reorders = swarm.reorders;
      node.disk.lies = node.number === swarm.lyingDisk;
      if (swarm.batchMs > 0) node.beforeCommit = () => this.#slowBatch(node);
      node.onPowerCut = () => this.#flip(node);
    }
    world.every(TICK_MS, () => {
      if (!this.#over) this.#tick();
    });
    if (swarm.partitionEveryMs > 0) this.#laterPartition();
  }

  /** Ends all of it, as far as the nodes named are concerned; the others stay as they are. */
  end(core: readonly SimNode[]): void {
    this.#over = true;
    for (const node of core) {
      node.disk.clearFaults();
      node.beforeCommit = () => {};
      node.onPowerCut = () => {};
    }
  }

  #tick(): void {
    const { random, nodes } = this.#world;
    const { crashes, suspensions, suspendMs, diskErrors, fullDisks } = this.#swarm;
    const share = TICK_MS / 1_000;
    for (const node of nodes) {
      if (!node.isUp) continue;
      const { disk } = node;
      const fate = random.next();
      if (fate < crashes * share * 0.6) node.crash();
      // Die inside one of the next disk operations, wherever that is.
      else if (fate < crashes * share) disk.cutAt = disk.operations + random.below(12);
      if (random.chance(suspensions * share)) {
        this.counts.suspensions++;
        node.suspend(random.between(50, suspendMs));
      }
      if (random.chance(diskErrors * share)) {
        this.counts.diskFaults++;
        if (random.chance(0.2)) this.#failBatch(node);
        else disk.failAt(disk.operations + random.below(12), random.chance(0.5) ? "EIO" : "ENOSPC");
      }
      if (random.chance(fullDisks * share)) {
        this.counts.diskFaults++;
        disk.isFull = true;
        this.#world.schedule(random.between(200, 4_000), () => {
          disk.isFull = false;
        });
      }
    }
  }

  /** The database's next batch fails: not done, or done and reported as failed. */
  #failBatch(node: SimNode): void {
    const { random } = this.#world;
    const when = random.chance(0.5) ? "beforeCommit" : "afterCommit";
    const usual = node[when];
    node[when] = () => {
      node[when] = usual;
      throw new FatalError("the batch failed: EIO", EXIT_STORAGE_FAILURE);
    };
  }

  #slowBatch(node: SimNode): void | Promise<void> {
    const { random } = this.#world;
    if (this.#over || random.chance(0.5)) return;
    return new Promise((resolve) => {
      this.#world.schedule(random.between(0, this.#swarm.batchMs), () => node.awake(() => true, resolve));
    });
  }

  /**
   * A bit of a file is another one after the power cut: it must be noticed. Never in the journal and the log of one node:
   * each makes up for the other.
   */
  #flip(node: SimNode): void {
    const { random } = this.#world;
    const { flips, logFlips, flipped } = this.#swarm;
    const isJournal = node.number === flipped;
    if (this.#over || !random.chance(isJournal ? flips : logFlips)) return;
    const paths = node.disk.paths().filter((path) => path.endsWith(".journal") === isJournal);
    const path = paths[random.below(paths.length)];
    if (path === undefined) return;
    this.counts.flips++;
    node.disk.flip(path, random.below(2 ** 30));
  }

  #laterPartition(): void {
    const { random } = this.#world;
    const { partitionEveryMs, partitionMs } = this.#swarm;
    this.#world.schedule(random.between(0, 2 * partitionEveryMs), () => {
      if (this.#over) return;
      this.#cut();
      this.#world.schedule(random.between(100, 2 * partitionMs), () => {
        if (this.#over) return;
        this.#world.heal();
        this.#laterPartition();
      });
    });
  }

  #cut(): void {
    const { random, nodes } = this.#world;
    this.counts.partitions++;
    const numbers = nodes.map((node) => node.number);
    const isolated = random.pick(numbers);
    const first = random.chance(0.4) ? [isolated] : numbers.filter(() => random.chance(0.5));
    const second = numbers.filter((number) => !first.includes(number));
    if (!random.chance(this.#swarm.asymmetric)) this.#world.partition([first, second]);
    else if (random.chance(0.5)) this.#world.oneWay(first, second);
    else this.#world.oneWay(second, first);
  }
}
