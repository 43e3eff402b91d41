// Who takes part changes: a validator joins by staking and leaves by unbonding, a node joins with nothing but the genesis.
// Owns these perturbations; transactions are made by the program's own commands, as an operator would.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packAny } from "../../../proto/codec.ts";
import { nextTransaction } from "../../bench/sends.ts";
import { BONDED, operatorAddress } from "../chain-home.ts";
import { broadcast, rpc } from "../nodes.ts";
import { transact, tributaryd } from "./commands.ts";
import type { NetworkNode } from "./network-node.ts";
import type { Perturbation } from "./perturbation.ts";

/** Addresses and powers of the validator set. */
export async function powers(url: string): Promise<ReadonlyMap<string, string>> {
  const { validators } = await rpc<{ validators: { address: string; voting_power: string }[] }>(
    url,
    "validators?per_page=100",
  );
  return new Map(validators.map(({ address, voting_power }) => [address, voting_power]));
}

interface CommitAnswer {
  readonly signed_header: {
    readonly commit: { readonly signatures: readonly { readonly validator_address: string }[] };
  };
}

export const joinAndLeave: Perturbation = {
  name: "a validator joins by staking and leaves by unbonding",
  quick: false,
  run: async (network) => {
    const [first] = network.nodes as [NetworkNode, ...NetworkNode[]];
    const url = first.seat.rpcUrl;
    const { chain } = network;
    const node = network.add("joiner", true);
    const key = node.home.key!;
    const address = Buffer.from(key.address).toString("hex").toUpperCase();
    node.start();
    await network.waitFor(await network.tip(), "the joiner is level", [node]);

    await tributaryd(node.home.path, ["keys", "add", "joiner", "--keyring-backend", "test"]);
    const account = (
      await tributaryd(node.home.path, ["keys", "show", "joiner", "-a", "--keyring-backend", "test"])
    ).trim();
    const joiner = { home: node.home.path, key: "joiner", chainId: chain.chainId, entrance: url };
    const payer = chain.operators[0]!;
    const send = packAny("cosmos.bank.v1beta1.MsgSend", {
      fromAddress: payer.address,
      toAddress: account,
      amount: [{ denom: "uopen", amount: (2n * BONDED).toString() }],
    });
    const { tx } = nextTransaction(payer, [send], chain.chainId, { gas: 200_000n, fee: "500" });
    const paid = await broadcast(url, "broadcast_tx_commit", tx);
    await network.until(
      async () => (await rpc(url, `tx?hash=0x${paid.hash}`).catch(() => undefined)) !== undefined,
      "the joiner was paid",
    );

    const file = join(node.home.path, "validator.json");
    const pubkey = JSON.parse(await tributaryd(node.home.path, ["comet", "show-validator"])) as object;
    writeFileSync(file, JSON.stringify({ ...newValidator, pubkey, amount: `${BONDED}uopen` }));
    await transact(joiner, ["staking", "create-validator", file]);
    await network.until(async () => (await powers(url)).has(address), "the joiner is in the set");
    await network.until(async () => {
      const { commit } = (await rpc<CommitAnswer>(url, "commit")).signed_header;
      return commit.signatures.some(({ validator_address }) => validator_address === address);
    }, "the joiner's signature in a commit");
    const joined = await network.tip();
    await network.settle();

    await transact(joiner, ["staking", "unbond", operatorAddress(account), `${BONDED}uopen`]);
    await network.until(async () => !(await powers(url)).has(address), "the joiner has left the set");
    return `signed from ${joined} at the latest, out of the set at ${await network.tip()}, follows on`;
  },
};

/** What validator.json says besides the key and the stake. */
export const newValidator = {
  moniker: "joiner",
  identity: "",
  website: "",
  security: "",
  details: "",
  "commission-rate": "0.1",
  "commission-max-rate": "0.2",
  "commission-max-change-rate": "0.01",
  "min-self-delegation": "1",
};

export const newcomer: Perturbation = {
  name: "a newcomer with nothing but the genesis",
  quick: false,
  run: async (network) => {
    const node = network.add("newcomer", false);
    const target = await network.tip();
    const { levelMs } = await node.restart(target);
    return `fetched ${target} blocks in ${Math.round(levelMs)} ms`;
  },
};

interface StatusAnswer {
  readonly sync_info: { readonly earliest_block_height: string };
}

export const stateSynced: Perturbation = {
  name: "a newcomer that begins with a state from its peers",
  quick: false,
  run: async (network) => {
    const [first, second] = network.nodes as [NetworkNode, NetworkNode, ...NetworkNode[]];
    // Snapshots are made every few heights; the last ones must be of interest.
    await network.waitFor(50, "snapshots worth having");
    const trusted = (await network.tip()) - 10;
    const { commit } = (await first.ask<TrustedAnswer>(`commit?height=${trusted}`)).signed_header;
    const node = network.add("state-synced", false);
    network.configure(node, {
      stateSyncEnabled: true,
      stateSyncServers: [first, second].map(({ seat }) => seat.rpcUrl).join(","),
      stateSyncTrustHeight: trusted,
      stateSyncTrustHash: commit.block_id.hash,
      stateSyncDiscoveryMs: 3_000,
    });
    const target = await network.tip();
    const { levelMs } = await node.restart(target);
    node.beginsAt = Number((await node.ask<StatusAnswer>("status")).sync_info.earliest_block_height);
    if (node.beginsAt < 10) throw new Error(`it fetched the blocks from ${node.beginsAt} on instead of a state`);
    return `began at ${node.beginsAt}, level with ${target} after ${Math.round(levelMs)} ms`;
  },
};

interface TrustedAnswer {
  readonly signed_header: { readonly commit: { readonly block_id: { readonly hash: string } } };
}
