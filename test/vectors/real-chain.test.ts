// Headers, commits, validator sets and whole blocks of chains that ran: every hash and every signature is recomputed.

import { expect, test } from "vitest";
import {
  type Block,
  blockHash,
  decodeBlock,
  encodeBlock,
  partsOfBlock,
  validateBlockForm,
} from "../../chain/types/block.ts";
import { verifyCommit, verifyCommitLight, verifyCommitLightTrusting } from "../../chain/types/commit.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { evidenceHash, evidenceListHash, evidenceToAbci, verifyDuplicateVote } from "../../chain/types/evidence.ts";
import { headerHash } from "../../chain/types/header.ts";
import { resultsHash } from "../../chain/types/results.ts";
import { validatorSetFromProto, validatorSetHash } from "../../chain/types/validator-set.ts";
import { fromBase64, hex } from "../../proto/bytes.ts";
import {
  blockFromComet,
  blockIdFromComet,
  commitFromComet,
  headerFromComet,
  type Recorded,
  validatorSetFromComet,
} from "./comet-json.ts";
import { describeVectors, vector, vectorNames } from "./vectors.ts";

const upper = (bytes: Uint8Array | undefined): string => hex(bytes as Uint8Array).toUpperCase();

/** Checks one block against the id its chain gave it: header, data, last commit, evidence and parts. */
function expectBlock(json: Recorded, id: Recorded): Block {
  const block = blockFromComet(json);
  expect(() => validateBlockForm(block)).not.toThrow();
  expect(upper(blockHash(block))).toBe(id.hash);
  const { blockId, bytes, parts } = partsOfBlock(block);
  expect(blockId).toEqual(blockIdFromComet(id));
  expect(parts.isComplete).toBe(true);
  expect(encodeBlock(decodeBlock(bytes))).toEqual(bytes);
  return block;
}

describeVectors("Celestia devnets", () => {
  const files = vectorNames("real-chain/celestia-lumina");
  test.each(files)("%s: header hash, validators' hash and every signature", (name) => {
    const content = vector<Recorded>(`real-chain/celestia-lumina/${name}`);
    for (const json of Array.isArray(content) ? content : [content]) {
      const header = headerFromComet(json.header);
      const commit = commitFromComet(json.commit);
      const validators = validatorSetFromProto(validatorSetFromComet(json.validator_set));
      expect(hex(headerHash(header) as Uint8Array)).toBe(hex(commit.blockId.hash));
      expect(hex(validatorSetHash(validators))).toBe(hex(header.validatorsHash));
      verifyCommit(header.chainId, validators, commit.blockId, header.height, commit, nobleVerifier);
    }
  });
});

describeVectors("a simd devnet with absent and nil votes", () => {
  const { headers } = vector<Recorded>("real-chain/simd-devnet-headers.json");

  test("59 headers, their validators, and their signatures under both sets", () => {
    expect(headers).toHaveLength(59);
    const oneThird = { numerator: 1n, denominator: 3n };
    for (const json of headers) {
      const header = headerFromComet(json.signed_header.header);
      const commit = commitFromComet(json.signed_header.commit);
      const validators = validatorSetFromComet(json.validator_set);
      const trusted = validatorSetFromComet(json.trusted_validators);
      expect(hex(headerHash(header) as Uint8Array)).toBe(hex(commit.blockId.hash));
      expect(hex(validatorSetHash(validators))).toBe(hex(header.validatorsHash));
      verifyCommit(header.chainId, validators, commit.blockId, header.height, commit, nobleVerifier);
      verifyCommitLight(header.chainId, validators, commit.blockId, header.height, commit, nobleVerifier);
      verifyCommitLightTrusting(header.chainId, trusted, commit, oneThird, nobleVerifier);
    }
  });

  test("a commit with one changed bit is refused", () => {
    const json = headers[0];
    const header = headerFromComet(json.signed_header.header);
    const commit = commitFromComet(json.signed_header.commit);
    const validators = validatorSetFromComet(json.validator_set);
    const check = (changed: typeof commit) => () =>
      verifyCommit(header.chainId, validators, commit.blockId, header.height, changed, nobleVerifier);
    expect(check(commit)).not.toThrow();
    const [first, ...rest] = commit.signatures;
    const signature = Uint8Array.from(first?.signature as Uint8Array);
    signature[5] = (signature[5] as number) ^ 1;
    const bent = { ...commit, signatures: [{ ...(first as (typeof rest)[0]), signature }, ...rest] };
    expect(check(bent)).toThrow("wrong signature (#0)");
    expect(check({ ...commit, round: commit.round + 1 })).toThrow("wrong signature");
    expect(() => verifyCommit("other-chain", validators, commit.blockId, header.height, commit, nobleVerifier)).toThrow(
      "wrong signature",
    );
  });
});

describeVectors("blocks of Crypto.org and its relatives", () => {
  const { blocks } = vector<Recorded>("real-chain/crypto-org-blocks.json");

  test.each((blocks as Recorded[]).map((item) => [item.chain_id, item.height, item] as const))(
    "%s %s: every hash of the block",
    (_chain, _height, item: Recorded) => {
      const block = expectBlock(item.block, item.block_id);
      // One byte of a transaction more and the data hash no longer fits.
      const [tx] = block.data.txs;
      if (tx === undefined) return;
      const changed = { ...block, data: { txs: [Uint8Array.of(...tx, 0), ...block.data.txs.slice(1)] } };
      expect(() => validateBlockForm(changed)).toThrow("wrong Header.DataHash");
    },
  );
});

describeVectors("blocks recorded from CometBFT 0.38", () => {
  const read = (name: string) => vector<Recorded>(`rpc/kvstore_fixtures/v0_38/incoming/${name}.json`).result;
  const single = ["block_at_height_1", "block_at_height_10", "block_by_hash"];

  test.each(single)("%s: every hash of the block", (name) => {
    const { block, block_id } = read(name);
    expectBlock(block, block_id);
  });

  test("block_search: every hash of every block", () => {
    const { blocks } = read("block_search");
    expect(blocks.length).toBeGreaterThan(0);
    for (const { block, block_id } of blocks) expectBlock(block, block_id);
  });

  test("blockchain_from_1_to_10 and commit_at_height_10: header hashes", () => {
    for (const { header, block_id } of read("blockchain_from_1_to_10").block_metas) {
      expect(upper(headerHash(headerFromComet(header)))).toBe(block_id.hash);
    }
    const { header, commit } = read("commit_at_height_10").signed_header;
    expect(upper(headerHash(headerFromComet(header)))).toBe(commit.block_id.hash);
  });

  test("block_search_evidence: the evidence's hash, and what the application is told", () => {
    const [{ block: json, block_id }] = read("block_search_evidence").blocks;
    const block = expectBlock(json, block_id);
    const { evidence } = block.evidence;
    expect(upper(evidenceListHash(evidence))).toBe(json.header.evidence_hash);
    expect(evidenceHash(evidence[0] as (typeof evidence)[0])).toHaveLength(32);
    expect(evidenceToAbci(evidence)).toEqual([
      {
        type: 1,
        validator: { address: expect.any(Uint8Array), power: 99n },
        height: 547n,
        time: evidence[0]?.duplicateVoteEvidence?.timestamp,
        totalVotingPower: 1509n,
      },
    ]);
  });

  test("the recorded evidence proves nothing against a set its validator is not in", () => {
    const [{ block: json }] = read("block_search_evidence").blocks;
    const duplicate = blockFromComet(json).evidence.evidence[0]?.duplicateVoteEvidence;
    const [{ validator_set, signed_header }] = vector<Recorded>("real-chain/simd-devnet-headers.json").headers;
    expect(() =>
      verifyDuplicateVote(
        duplicate as NonNullable<typeof duplicate>,
        signed_header.header.chain_id,
        validatorSetFromComet(validator_set),
        nobleVerifier,
      ),
    ).toThrow(ValidationError);
  });
});

describeVectors("hashes over results", () => {
  // No third-party bytes were found for several non-empty results; test/chain/types/results.test.ts derives those.
  test.each(vector<Recorded>("real-chain/last_results_hash.json").cases as Recorded[])(
    "$chain_id $header_height",
    ({ results, last_results_hash }: Recorded) => {
      const list = results.map(({ code, data, gas_wanted, gas_used }: Recorded) => ({
        code,
        data: fromBase64(data ?? ""),
        gasWanted: BigInt(gas_wanted),
        gasUsed: BigInt(gas_used),
      }));
      expect(upper(resultsHash(list))).toBe(last_results_hash);
    },
  );
});
