/** Versions, and who they owe, through a chain. */
import { describe, expect, test } from "vitest";
import { textRoot } from "../../../chain/types/text-tree.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";

const parent = (modelId: bigint, sharePpm: number, version = 0) => ({ modelId, version, sharePpm });
const trained = (sharePpm: number) => [{ datanetId: 1n, recordCount: 1n, sharePpm, version: 0n }];

function addVersion(
  world: ModelWorld,
  modelId: bigint,
  name: string,
  seed: string,
  changes: object = {},
): MessageToSend {
  const weightsHash = sha256(new TextEncoder().encode(seed));
  const signature = world.signWeights("owner", name, weightsHash);
  const pubKey = accountOf("owner").publicKey;
  const fields = { owner: world.address("owner"), modelId, weightsHash, signature, pubKey, lineage: trained(0) };
  return ["tributary.model.v1.MsgAddVersion", { ...fields, ...changes }] as MessageToSend;
}

describe("a version", () => {
  test("never changes: the model shows its latest, the earlier one stays", () => {
    const world = new ModelWorld();
    const result = world.ok("owner", addVersion(world, 1n, "ngram", "second", { uri: "ipfs://second" }));
    expect(responseOf("tributary.model.v1.MsgAddVersionResponse", result)).toEqual({ version: 2 });
    const { versions } = world.chain.query(
      "/tributary.model.v1.Query/Versions",
      ["tributary.model.v1.QueryVersionsRequest", { modelId: 1n }],
      "tributary.model.v1.QueryVersionsResponse",
    );
    expect(versions.map(({ number, uri }) => [number, uri])).toEqual([
      [1, ""],
      [2, "ipfs://second"],
    ]);
    const found = (seed: string) =>
      world.chain.query(
        "/tributary.model.v1.Query/ModelByWeights",
        ["tributary.model.v1.QueryModelByWeightsRequest", { weightsHash: sha256(new TextEncoder().encode(seed)) }],
        "tributary.model.v1.QueryModelByWeightsResponse",
      );
    expect([found("weights").version, found("second").version]).toEqual([1, 2]);
    expect(found("weights").model).toMatchObject({ id: 1n, version: 2, uri: "ipfs://second" });
    world.refused("owner", addVersion(world, 1n, "ngram", "second"), 4);
    world.refused("owner", addVersion(world, 1n, "other name", "third"), 6);
    world.refused("host", addVersion(world, 1n, "ngram", "third", { owner: world.address("host") }), 7);
    world.refused("owner", addVersion(world, 1n, "ngram", "third", { weightsCid: "QmOld" }), 3);
    world.refused("owner", addVersion(world, 1n, "ngram", "third", { recipeHash: new Uint8Array(5) }), 3);
    world.chain.checkInvariants();
  });

  test("is refused of a retired model, on which nothing new begins", () => {
    const world = new ModelWorld();
    world.ok("owner", ["tributary.model.v1.MsgRetire", { owner: world.address("owner"), modelId: 1n }]);
    world.refused("owner", addVersion(world, 1n, "ngram", "second"), 8);
    world.refused("user", world.back("user", 1n, 5n), 8);
    expect(world.ranking()).toEqual([]);
    expect(world.hosts(1n).length).toBe(1);
    world.refused("owner", ["tributary.model.v1.MsgRetire", { owner: world.address("owner"), modelId: 1n }], 8);
  });
});

describe("what a version owes", () => {
  test("is what it declares and what its parents owe, over every path, as parts of the whole", () => {
    const world = new ModelWorld();
    // 2 owes 5 % to the datanet; 3 and 4 owe 10 % and 20 % to 2; 5 owes 1 % to both of them.
    world.ok("owner", world.model({ lineage: trained(50_000) }));
    world.ok("owner", world.model({ parents: [parent(2n, 100_000)] }));
    world.ok("owner", world.model({ parents: [parent(2n, 200_000)] }));
    world.ok("owner", world.model({ parents: [parent(3n, 10_000), parent(4n, 10_000)], lineage: trained(7) }));
    expect(world.lineage(5n)).toMatchObject({
      stack: [
        { modelId: 2n, datanetId: 0n, sharePpm: 300_000 },
        { modelId: 3n, datanetId: 0n, sharePpm: 10_000 },
        { modelId: 4n, datanetId: 0n, sharePpm: 10_000 },
        { modelId: 0n, datanetId: 1n, sharePpm: 100_007 },
      ],
      stackPpm: 420_007,
      depth: 2,
    });
    world.chain.checkInvariants();
  });

  test("is at most all of it, at most 8 generations deep, and at least the parents' royalties", () => {
    const world = new ModelWorld();
    world.ok("owner", world.model({ lineage: trained(600_000), royaltyPpm: 300_000 }));
    expect(world.refused("owner", world.model({ parents: [parent(2n, 299_999)] }), 5)).toContain("300000");
    expect(world.refused("owner", world.model({ parents: [parent(2n, 400_001)] }), 5)).toContain("1000001");
    world.ok("owner", world.model({ parents: [parent(2n, 400_000)] }));
    expect(world.lineage(3n).stackPpm).toBe(1_000_000);
    expect(world.refused("owner", world.model({ parents: [parent(3n, 1)] }), 5)).toContain("parts per million");
    for (let id = 3n; id <= 10n; id++) world.ok("owner", world.model({ parents: [parent(id === 3n ? 1n : id, 1)] }));
    expect(world.lineage(11n).depth).toBe(8);
    expect(world.refused("owner", world.model({ parents: [parent(11n, 1)] }), 5)).toContain("9 generations");
    world.refused("owner", world.model({ parents: [parent(1n, 1), parent(1n, 1)] }), 5);
    world.refused("owner", world.model({ parents: [parent(99n, 1)] }), 2);
    world.refused("owner", world.model({ parents: [parent(1n, 1, 7)] }), 9);
    world.refused("owner", world.model({ royaltyPpm: 1_000_001 }), 3);
    world.chain.checkInvariants();
  });

  test("never comes back to the model itself, over versions either", () => {
    const world = new ModelWorld();
    world.ok("owner", world.model({ parents: [parent(1n, 5)] }));
    world.ok("owner", world.model({ parents: [parent(2n, 5)] }));
    // 1 is above 3; a second version of 1 that descends from 3 would be below itself.
    expect(world.refused("owner", addVersion(world, 1n, "ngram", "x", { parents: [parent(3n, 5)] }), 5)).toContain(
      "itself",
    );
    expect(world.refused("owner", addVersion(world, 1n, "ngram", "x", { parents: [parent(1n, 5)] }), 5)).toContain(
      "own",
    );
    // Nor by a way that only a later version opened: 1 gets a parent 4, and 4 may not descend from 2 then.
    world.ok("owner", world.model());
    world.ok("owner", addVersion(world, 1n, "ngram", "y", { parents: [parent(4n, 5)] }));
    expect(world.refused("owner", addVersion(world, 4n, "m3", "z", { parents: [parent(3n, 5)] }), 5)).toContain(
      "itself",
    );
    world.chain.checkInvariants();
  });

  test("counts the royalty of a base model that the parents do not name", () => {
    const world = new ModelWorld();
    world.ok("owner", world.model({ royaltyPpm: 70_000 }));
    world.ok("owner", world.model({ baseModelId: 2n }));
    expect(world.lineage(3n).parents).toEqual([{ modelId: 2n, version: 1, sharePpm: 70_000 }]);
    const terms = { owner: world.address("owner"), modelId: 2n, royaltyPpm: 1, backersPpm: 5, openHosting: false };
    world.ok("owner", ["tributary.model.v1.MsgUpdateTerms", terms]);
    world.refused("owner", ["tributary.model.v1.MsgUpdateTerms", { ...terms, backersPpm: 4 }], 3);
    world.refused("host", ["tributary.model.v1.MsgUpdateTerms", { ...terms, owner: world.address("host") }], 7);
    world.ok("owner", world.model({ baseModelId: 2n }));
    expect(world.lineage(4n).parents).toEqual([{ modelId: 2n, version: 1, sharePpm: 1 }]);
  });

  test("is asked by the module that settles uses", () => {
    const world = new ModelWorld();
    world.ok("owner", world.model({ parents: [parent(1n, 5)], lineage: trained(9) }));
    const owed = world.inBlock((ctx, models) => models.owedRevenue(ctx, 2n));
    expect(owed).toMatchObject({
      version: 1,
      stack: [
        { modelId: 1n, sharePpm: 5 },
        { datanetId: 1n, recordCount: 1n, sharePpm: 9 },
      ],
      lineageWeights: [{ datanetId: 1n, recordCount: 1n }],
    });
  });
});

describe("what uses pay by lineage", () => {
  const line = (datanetId: bigint, recordCount: bigint, sharePpm = 0) => ({
    ...{ datanetId, recordCount, sharePpm },
    version: 0n,
  });
  const weights = (world: ModelWorld, modelId: bigint) =>
    world.lineage(modelId).lineageWeights.map(({ datanetId, recordCount, weight }) => [datanetId, recordCount, weight]);
  const begun = () => {
    const world = new ModelWorld();
    for (const [id, texts] of [
      [2n, ["contract B {}", "contract C {}", "contract D {}"]],
      [3n, ["contract E {}"]],
    ] as const) {
      world.ok("owner", world.createDatanet(`net${id}`));
      world.ok("owner", world.contribute("owner", texts, id));
    }
    return world;
  };

  test("goes by records when nobody declares a share, by shares when all do", () => {
    const world = begun();
    world.ok("owner", world.model({ lineage: [line(2n, 2n)] }));
    world.ok("owner", world.model({ parents: [parent(2n, 0)], lineage: [line(1n, 1n), line(2n, 3n)] }));
    // Of a datanet that both were trained on, all that either was.
    expect(weights(world, 3n)).toEqual([
      [1n, 1n, 1n],
      [2n, 3n, 3n],
    ]);
    world.ok("owner", world.model({ lineage: [line(2n, 2n, 300_000)] }));
    world.ok("owner", world.model({ parents: [parent(4n, 0)], lineage: [line(1n, 1n, 700_000), line(3n, 1n, 0)] }));
    expect(weights(world, 5n)).toEqual([
      [1n, 1n, 700_000n],
      [2n, 2n, 300_000n],
    ]);
    world.chain.checkInvariants();
  });

  test("has what is declared, and by records what is left, which is never less than a third", () => {
    const world = begun();
    world.ok("owner", world.model({ lineage: [line(2n, 3n)] }));
    // 10 % are declared: the datanet for which nothing is has nine times as much.
    world.ok("owner", world.model({ parents: [parent(2n, 0)], lineage: [line(1n, 1n, 100_000)] }));
    expect(weights(world, 3n)).toEqual([
      [1n, 1n, 300_000n],
      [2n, 3n, 2_700_000n],
    ]);
    world.ok("owner", world.model({ parents: [parent(2n, 0)], lineage: [line(1n, 1n, 1_000_000)] }));
    expect(weights(world, 4n)).toEqual([
      [1n, 1n, 3_000_000n],
      [2n, 3n, 1_500_000n],
    ]);
    world.chain.checkInvariants();
  });

  test("goes on from a published version to those it was made from, by the shares it declares for them, over generations and extensions", () => {
    const world = begun();
    const publish = (datanetId: bigint, texts: readonly string[], manifest: object): void => {
      const owner = world.address("owner");
      if (texts.length > 0) {
        const text = new TextEncoder().encode(texts.map((one) => `${one}\0`).join(""));
        const seal = { sealer: owner, datanetId, last: BigInt(texts.length), textRoot: textRoot(text) };
        world.ok("owner", ["tributary.datanet.v1.MsgSealSegment", seal]);
      }
      const fields = { publisher: owner, datanetId, name: "v", ...manifest };
      world.ok("owner", ["tributary.datanet.v1.MsgPublishVersion", fields] as MessageToSend);
    };
    publish(1n, ["contract A {}"], { ranges: [{ first: 1n, last: 1n }] });
    const made = (datanetId: bigint, version: bigint, sharePpm: number) => [{ datanetId, version, sharePpm }];
    const [first, two] = [{ first: 1n, last: 1n }, made(1n, 1n, 250_000)];
    publish(2n, ["contract B {}", "contract C {}", "contract D {}"], { ranges: [first], parents: two });
    // It holds what the first one holds, and so passes on what the first one declares.
    publish(2n, [], { extends: 1n, ranges: [{ first: 2n, last: 3n }] });
    publish(3n, ["contract E {}"], { ranges: [first], parents: made(2n, 2n, 400_000) });
    world.ok("owner", world.model({ lineage: [{ ...line(3n, 1n), version: 1n }] }));
    expect(weights(world, 2n)).toEqual([
      [1n, 1n, 100_000_000_000n],
      [2n, 3n, 300_000_000_000n],
      [3n, 1n, 600_000_000_000n],
    ]);
    const use = { modelId: 2n, host: world.address("owner"), maxFee: { denom: "uopen", amount: "2000000" } };
    const opened = world.ok("user", world.openUse(use));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    world.ok("owner", world.settle(useId, "nobody's words", { host: world.address("owner"), spans: [] }));
    const { lineageShares } = world.payout(useId);
    const amounts = lineageShares.map(({ amount }) => BigInt(amount));
    const all = amounts.reduce((sum, amount) => sum + amount, 0n);
    expect(amounts).toEqual([all / 10n, (all * 4n) / 10n - all / 10n, all - (all * 4n) / 10n]);
    world.chain.checkInvariants();
  });
});

test("a chain with versions, lineage, backing and curves comes back from its export", () => {
  const world = new ModelWorld();
  world.ok("owner", world.model({ parents: [parent(1n, 5)], backersPpm: 500_000, openHosting: true }));
  world.ok("owner", addVersion(world, 1n, "ngram", "second"));
  world.ok("user", world.back("user", 2n, 1000n));
  world.wait(3600n);
  world.earn(2n, 500n);
  world.ok("user", world.unback("user", 2n, 10n));
  world.ok("host", world.bond("host", 500n));
  const curve = { kind: 1, base: "1000000000000", slope: "1", blockBuyCap: "1000" };
  world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 2n, ...curve }]);
  world.ok("user", world.buy("user", 2n, 500n));
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue, time: world.chain.time });
  expect(again.application.exportGenesis()).toEqual(exported);
  again.checkInvariants();
});
