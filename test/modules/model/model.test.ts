/** The model module through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { NativeWorld, responseOf, sha256 } from "../../support/native-world.ts";

let world: NativeWorld;

beforeEach(() => {
  world = new NativeWorld([
    { contributor: "ann", text: "contract A {}" },
    { contributor: "ann", text: "contract B {}" },
  ]);
});

function expectRefused(from: string, message: MessageToSend, codespace: string, code: number, text: string): void {
  const result = world.run(from, message);
  expect([result.codespace, result.code]).toEqual([codespace, code]);
  expect(result.log).toContain(text);
}

function model(modelId: bigint): Messages["tributary.model.v1.Model"] {
  return world.chain.query(
    "/tributary.model.v1.Query/Model",
    ["tributary.model.v1.QueryModelRequest", { modelId }],
    "tributary.model.v1.QueryModelResponse",
  ).model;
}

const other = (n: number): Uint8Array => sha256(Uint8Array.of(n));

describe("registering a model", () => {
  test("keeps its lineage, its signature and who serves it", () => {
    const message = world.registerModel({ weightsHash: other(1), name: "second", baseModelId: 1n });
    const result = world.ok("owner", message);
    expect(responseOf("tributary.model.v1.MsgRegisterModelResponse", result)).toEqual({ modelId: 2n });
    expect(model(2n)).toMatchObject({
      ...(message[1] as object),
      id: 2n,
      host: world.address("host"),
      registeredHeight: world.chain.height,
    });
    const { model: found } = world.chain.query(
      "/tributary.model.v1.Query/ModelByWeights",
      ["tributary.model.v1.QueryModelByWeightsRequest", { weightsHash: other(1) }],
      "tributary.model.v1.QueryModelByWeightsResponse",
    );
    expect(found.id).toBe(2n);
    const { models } = world.chain.query(
      "/tributary.model.v1.Query/Models",
      ["tributary.model.v1.QueryModelsRequest", {}],
      "tributary.model.v1.QueryModelsResponse",
    );
    expect(models).toEqual([model(1n), model(2n)]);
  });

  test("is refused for weights that are registered, and for a base that is not", () => {
    expectRefused("owner", world.registerModel(), "model", 4, "is model 1");
    expectRefused("owner", world.registerModel({ weightsHash: other(1), baseModelId: 7n }), "model", 2, "model 7");
  });

  test("is refused for a lineage that is empty, out of order, unknown, or longer than the datanet", () => {
    const lineages: readonly [Messages["tributary.model.v1.Lineage"][], string][] = [
      [[], "names 1 to 16 datanets"],
      [[{ datanetId: 9n, recordCount: 1n }], "no datanet 9"],
      [[{ datanetId: 1n, recordCount: 3n }], "has 2 records, the model names 3"],
      [[{ datanetId: 1n, recordCount: 0n }], "the model names 0"],
      [Array(2).fill({ datanetId: 1n, recordCount: 1n }), "out of order"],
    ];
    for (const [lineage, text] of lineages) {
      expectRefused("owner", world.registerModel({ weightsHash: other(1), lineage }), "model", 5, text);
    }
  });

  test("is refused without the owner's signature over exactly these weights, this name and this chain", () => {
    const weightsHash = other(1);
    const refused = (changes: Partial<Messages["tributary.model.v1.MsgRegisterModel"]>, text: string) =>
      expectRefused("owner", world.registerModel({ weightsHash, ...changes }), "model", 6, text);
    const signed = (world.registerModel({ weightsHash })[1] as { signature: Uint8Array }).signature;
    refused({ weightsHash: other(2), signature: signed }, "not the owner's over these weights");
    refused({ name: "renamed", signature: signed }, "not the owner's over these weights");
    refused({ signature: new Uint8Array(64) }, "not the owner's over these weights");
    refused({ pubKey: accountOf("host").publicKey }, "pub_key is not the owner's");
    refused({ pubKey: new Uint8Array(0) }, "pub_key is not the owner's");
    world.ok("owner", world.registerModel({ weightsHash, signature: signed }));
  });

  test("is refused for a name that could forge the signed text, a malformed hash or price", () => {
    const weightsHash = other(1);
    expectRefused("owner", world.registerModel({ weightsHash, name: "a\nchain: b" }), "model", 3, "no line break");
    expectRefused("owner", world.registerModel({ weightsHash, name: "" }), "model", 3, "a name has 1 to 64");
    expectRefused("owner", world.registerModel({ weightsHash: new Uint8Array(20) }), "model", 3, "20 bytes");
    const price = { denom: "uopen", amount: "-1" };
    expectRefused("owner", world.registerModel({ weightsHash, price }), "sdk", 10, "invalid price");
  });
});

describe("hosting", () => {
  const hosting = (owner: string, modelId = 1n): MessageToSend => [
    "tributary.model.v1.MsgUpdateHosting",
    {
      owner: world.address(owner),
      modelId,
      host: world.address("other"),
      price: { denom: "uopen", amount: "7" },
    },
  ];

  test("is changed by the owner alone", () => {
    expectRefused("host", hosting("host"), "model", 7, "not the owner");
    expectRefused("owner", hosting("owner", 9n), "model", 2, "model 9");
    world.ok("owner", hosting("owner"));
    expect(model(1n)).toMatchObject({ host: world.address("other"), price: { denom: "uopen", amount: "7" } });
  });

  test("an open use keeps its host and its fee", () => {
    const useId = world.opened();
    world.ok("owner", hosting("owner"));
    const output = "some words that no record has";
    world.ok("host", world.settle(useId, output));
    expect(world.payout(useId).fee.amount).toBe("1000003");
  });
});

test("the exported genesis boots a chain with the same state", () => {
  world.ok("owner", world.registerModel({ weightsHash: other(1), name: "second" }));
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue });
  expect(again.application.exportGenesis()).toEqual(exported);
});
