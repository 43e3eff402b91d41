// A vote that contradicts one in a commit, made with the validator's own key by someone else than its node, and handed to the
// chain as evidence. Two nodes of this program that share a key fall silent before they contradict each other, so that the
// contradiction is signed here.

import { parseTime } from "../../../chain/types/time.ts";
import { SIGNED_PRECOMMIT, type Vote, voteSignBytes } from "../../../chain/types/vote.ts";
import { readValidatorKeyFile } from "../../../node/engine/validator-key.ts";
import { renderEvidence } from "../../../node/rpc/render.ts";
import { blockIdFromComet } from "../../vectors/comet-json.ts";
import { rpc } from "../nodes.ts";

const NOTHING = new Uint8Array(0);

interface CommitAnswer {
  readonly signed_header: {
    readonly header: { readonly time: string };
    readonly commit: {
      readonly round: number;
      readonly block_id: never;
      readonly signatures: readonly CommitSignature[];
    };
  };
}

interface CommitSignature {
  readonly block_id_flag: number;
  readonly validator_address: string;
  readonly timestamp: string;
  readonly signature: string;
}

interface ValidatorsAnswer {
  readonly validators: readonly { readonly address: string; readonly voting_power: string }[];
}

/** Signs nil where the key of the file signed the block of a height, and sends both votes. False when it signed no block there. */
export async function signSecondVote(url: string, chainId: string, keyFile: string, height: number): Promise<boolean> {
  const key = readValidatorKeyFile(keyFile);
  const address = Buffer.from(key.address).toString("hex").toUpperCase();
  const { header, commit } = (await rpc<CommitAnswer>(url, `commit?height=${height}`)).signed_header;
  const { validators } = await rpc<ValidatorsAnswer>(url, `validators?height=${height}&per_page=100`);
  const index = validators.findIndex((one) => one.address === address);
  const signed = commit.signatures[index];
  // 2 is a signature for the block.
  if (signed === undefined || signed.block_id_flag !== 2) return false;
  const first: Vote = {
    type: SIGNED_PRECOMMIT,
    height: BigInt(height),
    round: commit.round,
    blockId: blockIdFromComet(commit.block_id),
    timestamp: parseTime(signed.timestamp),
    validatorAddress: key.address,
    validatorIndex: index,
    signature: new Uint8Array(Buffer.from(signed.signature, "base64")),
    extension: NOTHING,
    extensionSignature: NOTHING,
  };
  const nil = { hash: NOTHING, partSetHeader: { total: 0, hash: NOTHING } };
  const second: Vote = { ...first, blockId: nil };
  // In the order of their block ids, in which nil is the first.
  const evidence = renderEvidence({
    duplicateVoteEvidence: {
      voteA: { ...second, signature: key.sign(voteSignBytes(chainId, second)) },
      voteB: first,
      totalVotingPower: validators.reduce((sum, { voting_power }) => sum + BigInt(voting_power), 0n),
      validatorPower: BigInt(validators[index]!.voting_power),
      timestamp: parseTime(header.time),
    },
  });
  const body = { jsonrpc: "2.0", id: 1, method: "broadcast_evidence", params: { evidence } };
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { error } = (await response.json()) as { error?: { message: string; data: string } };
  if (error !== undefined) throw new Error(`${error.message}: ${error.data}`);
  return true;
}
