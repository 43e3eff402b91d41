/** Headers from before a snapshot: as far back as evidence may speak of, whoever gives them, and none that is not proven. */
import { describe, expect, test } from "vitest";
import type { Header } from "../../../chain/types/header.ts";
import { newValidatorSet, type ValidatorSet } from "../../../chain/types/validator-set.ts";
import { lightHeaderPage } from "../../../node/light/limits.ts";
import { LightSourceError } from "../../../node/light/rpc-source.ts";
import type { ChainState, PastHeader } from "../../../node/ports.ts";
import { MAX_PAST_FAILURES } from "../../../node/sync/limits.ts";
import { fetchPast, type PastSource } from "../../../node/sync/past-headers.ts";
import { SampleChain } from "../sample-chain.ts";

const LAST = 75n;
const chain = new SampleChain({ validators: 2 });
const sets = new Map<bigint, ValidatorSet>();
const headers: Header[] = [];
const states: ChainState[] = [];
for (let height = 1n; height <= LAST; height++) {
  sets.set(height, chain.state.validators);
  // The second validator gets more power on the way: its set changes two heights later.
  const pubKey = { ed25519: chain.publicKey(1) };
  headers.push(chain.next(height === 40n ? { validatorUpdates: [{ pubKey, power: 99n }] } : {}).block.header);
  states.push(chain.state);
}

/** The state after the last block, with evidence that may be so many blocks and seconds old. */
function stateWith(maxAgeNumBlocks: bigint, seconds: bigint): ChainState {
  const state = states[Number(LAST) - 1]!;
  const maxAgeDuration = { seconds, nanos: 0 };
  const evidence = { ...state.consensusParams.evidence, maxAgeNumBlocks, maxAgeDuration };
  return { ...state, consensusParams: { ...state.consensusParams, evidence } };
}

type Asked = { readonly pages: bigint[]; readonly sets: bigint[] };

function source(changes: Partial<PastSource> = {}): PastSource & Asked {
  const asked: Asked = { pages: [], sets: [] };
  const base: PastSource = {
    name: "honest",
    headers: async (lowest, highest) => headers.filter(({ height }) => height >= lowest && height <= highest),
    validators: async (height) => sets.get(height)!,
  };
  const { name, headers: give, validators } = { ...base, ...changes };
  return {
    ...asked,
    name,
    headers: (lowest, highest) => {
      asked.pages.push(highest);
      expect(highest - lowest).toBeLessThan(BigInt(lightHeaderPage));
      return give(lowest, highest);
    },
    validators: (height) => {
      asked.sets.push(height);
      return validators(height);
    },
  };
}

async function fetched(sources: readonly PastSource[], state = stateWith(1_000n, 1_000n)) {
  const kept: PastHeader[] = [];
  const lines: string[] = [];
  const note = (_facts: unknown, line: unknown) => void lines.push(String(line));
  const lowest = await fetchPast(
    { state, last: headers[Number(LAST) - 1]! },
    { sources, write: async (past) => void kept.push(...past), log: { info: note as never, warn: note as never } },
  );
  for (const [index, { header, validators }] of kept.entries()) {
    expect(header).toEqual(headers[Number(LAST) - 2 - index]);
    const powers = (set: ValidatorSet | undefined) => set?.validators.map(({ votingPower }) => votingPower);
    expect(powers(validators)).toEqual(powers(sets.get(header.height)));
  }
  return { lowest, kept, lines };
}

const absent = async (): Promise<never> => {
  throw new LightSourceError("it has no such height", true);
};

describe("headers from before a snapshot", () => {
  test("are fetched down to the first block, each set of validators once", async () => {
    const honest = source();
    const { lowest, kept, lines } = await fetched([honest]);
    expect([lowest, kept.length]).toEqual([1n, Number(LAST) - 1]);
    expect(honest.sets).toEqual([LAST - 1n, 41n]);
    expect(lines.at(-1)).toContain("are here");
  });

  test("are fetched as far as evidence may speak of, in blocks or in time, whichever is longer", async () => {
    expect((await fetched([source()], stateWith(10n, 1n))).lowest).toBe(LAST - 10n);
    const since = headers.at(-1)!.time.seconds - 20n;
    const young = headers.filter(({ time }) => time.seconds >= since);
    expect(young.length).toBeLessThan(60);
    expect((await fetched([source()], stateWith(1n, 20n))).lowest).toBe(young[0]!.height);
  });

  test("are shared between the servers, and one that is silent or lies costs nothing but a few questions", async () => {
    const honest = source();
    const forged = (header: Header): Header => ({ ...header, appHash: new Uint8Array(32) });
    const liars = [
      source({
        headers: async (lowest, highest) =>
          headers.filter(({ height }) => height >= lowest && height <= highest).map(forged),
      }),
      source({ headers: absent }),
      source({ headers: async () => headers }),
      source({ headers: async () => [] }),
    ];
    const { lowest } = await fetched([...liars, honest]);
    expect(lowest).toBe(1n);
    for (const { pages } of [liars[0]!, liars[1]!, liars[3]!])
      expect(pages.length).toBeLessThanOrEqual(MAX_PAST_FAILURES + 1);
    // Too many, but right: they count.
    expect(liars[2]!.pages.length).toBeGreaterThan(0);
  });

  test("come with validators that the header names, or without the heights below", async () => {
    const false1 = source({ validators: async () => newValidatorSet([]) });
    const { kept } = await fetched([false1, source()]);
    expect(kept).toHaveLength(Number(LAST) - 1);
    const onlyNew = source({ validators: async (height) => (height > 42n ? sets.get(height)! : await absent()) });
    const { lowest, lines } = await fetched([onlyNew]);
    expect(lowest).toBe(42n);
    expect(lines.at(-1)).toContain("nobody gives older headers");
  });

  test("end where nobody has more, also in the middle of a page, and the line says so", async () => {
    const pruned = source({
      headers: async (lowest, highest) =>
        headers.filter(({ height }) => height >= lowest && height <= highest && height >= 50n),
    });
    const { lowest, lines } = await fetched([pruned]);
    expect(lowest).toBe(50n);
    expect(lines.at(-1)).toContain("nobody gives older headers");
    expect((await fetched([])).lowest).toBe(LAST);
  });

  test("a defect of this program is not taken for a server's failure", async () => {
    const broken = source({
      headers: async () => {
        throw new TypeError("a defect");
      },
    });
    await expect(fetched([broken])).rejects.toThrow("a defect");
  });
});
