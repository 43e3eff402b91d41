import { expect, test } from "vitest";
import { evidenceHash, evidenceListHash } from "../../../chain/types/evidence.ts";
import type { ConsensusMessage } from "../../../node/ports.ts";
import type { Json } from "../../../node/rpc/json.ts";
import { evidenceMethods, readEvidence } from "../../../node/rpc/methods/evidence.ts";
import { renderEvidence } from "../../../node/rpc/render.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

interface Recorded {
  readonly result: {
    readonly blocks: readonly [
      {
        readonly block: {
          readonly header: { readonly evidence_hash: string };
          readonly evidence: { readonly evidence: readonly [Json] };
        };
      },
    ];
  };
}

describeVectors("evidence from a real chain", () => {
  const { block } = vector<Recorded>("rpc/kvstore_fixtures/v0_38/incoming/block_search_evidence.json").result.blocks[0];
  const [json] = block.evidence.evidence;
  const call = { remote: "", id: 1, subscriber: undefined };

  test("reads to what its block's header commits to, and is written back as it was", () => {
    const evidence = readEvidence(json);
    expect(
      Buffer.from(evidenceListHash([evidence]))
        .toString("hex")
        .toUpperCase(),
    ).toBe(block.header.evidence_hash);
    expect(renderEvidence(evidence)).toEqual(json);
  });

  test("is handed to the engine and answered with its hash; what the engine rejects is an error", async () => {
    const heard: ConsensusMessage[] = [];
    let verdict: "accepted" | "invalid" = "accepted";
    const engine = {
      receive: async (_from: string, message: ConsensusMessage) => {
        heard.push(message);
        return verdict;
      },
    };
    const [method] = evidenceMethods({ engine: engine as never });
    const hash = Buffer.from(evidenceHash(readEvidence(json))).toString("base64");
    expect(await method?.call([json], call)).toEqual({ hash });
    expect(heard).toEqual([{ type: "evidence", evidence: readEvidence(json) }]);
    verdict = "invalid";
    await expect(Promise.resolve(method?.call([json], call))).rejects.toThrow("failed to add evidence");
    await expect(Promise.resolve(method?.call([null], call))).rejects.toThrow("no evidence was provided");
  });

  test("with any field of the wrong kind is refused by name", () => {
    const value = (json as { value: Record<string, Json> }).value;
    for (const name of Object.keys(value)) {
      const broken = { type: "tendermint/DuplicateVoteEvidence", value: { ...value, [name]: 5 } };
      expect(() => readEvidence(broken), name).toThrow(new RegExp(`${name}.* is not `));
    }
    expect(() => readEvidence({ type: "tendermint/LightClientAttackEvidence", value })).toThrow(
      "only tendermint/DuplicateVoteEvidence",
    );
  });
});
