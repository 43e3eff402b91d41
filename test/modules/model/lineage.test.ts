/** Versions, and who they owe, through a chain. */
import { describe, expect, test } from "vitest";
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
      stackPpm: 14,
      lineage: [{ datanetId: 1n, recordCount: 1n, sharePpm: 9 }],
    });
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
