// The life of a validator: created, delegated to, jailed for being away, back again, caught signing twice, and gone. Owns that
// story; every amount is the one that arithmetic gives.

import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TransactionFailed, tributaryd } from "../network/commands.ts";
import { newValidator, powers } from "../network/membership-perturbations.ts";
import type { NetworkNode } from "../network/network-node.ts";
import { rpc } from "../nodes.ts";
import type { Scenario } from "./scenario.ts";
import { signSecondVote } from "./second-vote.ts";
import { DENOM, demand, POWER, type StakeNetwork } from "./stake-network.ts";

const GIFT = 150n * POWER;
const SELF_BOND = 100n * POWER;
const DELEGATION = 50n * POWER;
/** What the delegator takes back while all is well. */
const TAKEN_BACK = 10n * POWER;

/** One part in this many is a decimal's last place. */
const DECIMAL_PARTS = 10n ** 18n;

interface ValidatorAnswer {
  readonly validator: { readonly tokens: string; readonly status: string; readonly jailed?: boolean };
}

interface SigningInfo {
  readonly jailed_until: string;
  readonly tombstoned?: boolean;
}

/** Milliseconds since 1970 of the last block. */
async function blockTime(network: StakeNetwork): Promise<number> {
  const { sync_info } = await rpc<{ sync_info: { latest_block_time: string } }>(network.entrance, "status");
  return Date.parse(sync_info.latest_block_time);
}

/** A validator that is looked at while it lives. */
class Life {
  readonly network: StakeNetwork;
  readonly node: NetworkNode;
  readonly operator: string;
  /** Of its consensus key, in hexadecimal as `validators` has it, and in bech32. */
  readonly hexAddress: string;
  readonly consensusAddress: string;

  constructor(network: StakeNetwork, operator: string, hexAddress: string, consensusAddress: string) {
    this.network = network;
    this.node = network.joiner;
    this.operator = operator;
    this.hexAddress = hexAddress;
    this.consensusAddress = consensusAddress;
  }

  async validator(): Promise<ValidatorAnswer["validator"]> {
    return (await this.network.query<ValidatorAnswer>("staking", "validator", this.operator)).validator;
  }

  async tokens(): Promise<bigint> {
    return BigInt((await this.validator()).tokens);
  }

  async power(): Promise<string | undefined> {
    return (await powers(this.network.entrance)).get(this.hexAddress);
  }

  async joinsSet(): Promise<void> {
    await this.network.until(async () => (await this.power()) !== undefined, "the validator is in the set");
  }

  async leavesSet(why: string): Promise<void> {
    await this.network.until(async () => (await this.power()) === undefined, `the validator leaves the set, ${why}`);
  }

  async signingInfo(): Promise<SigningInfo> {
    const answer = await this.network.query<{ val_signing_info: SigningInfo }>(
      "slashing",
      "signing-info",
      this.consensusAddress,
    );
    return answer.val_signing_info;
  }

  /** What a fault at full power costs: the fraction of the whole power units it had. */
  async cost(before: bigint, parameter: string): Promise<bigint> {
    const { params } = await this.network.query<{ params: Record<string, string> }>("slashing", "params");
    const fraction = BigInt(params[parameter]!.replace(".", ""));
    return ((before / POWER) * POWER * fraction) / DECIMAL_PARTS;
  }
}

/** A full node becomes a validator, and someone delegates to it. */
async function create(network: StakeNetwork, delegator: NetworkNode): Promise<Life> {
  const { joiner } = network;
  joiner.start();
  await network.waitFor(await network.height(), [joiner]);
  await tributaryd(joiner.home.path, ["keys", "add", joiner.name, "--keyring-backend", "test"]);
  await network.send(delegator, "bank", "send", delegator.name, await network.address(joiner), `${GIFT}${DENOM}`);

  const file = join(joiner.home.path, "validator.json");
  const pubkey = JSON.parse(await tributaryd(joiner.home.path, ["comet", "show-validator"])) as object;
  writeFileSync(file, JSON.stringify({ ...newValidator, pubkey, amount: `${SELF_BOND}${DENOM}` }));
  await network.send(joiner, "staking", "create-validator", file);
  const consensus = (await tributaryd(joiner.home.path, ["comet", "show-address"])).trim();
  const { validator_info } = await joiner.ask<{ validator_info: { address: string } }>("status");
  const life = new Life(network, await network.address(joiner, "val"), validator_info.address, consensus);
  await life.joinsSet();
  demand((await life.tokens()) === SELF_BOND, `the validator has the ${SELF_BOND} it bonded`);
  await network.send(delegator, "staking", "delegate", life.operator, `${DELEGATION}${DENOM}`);
  demand((await life.tokens()) === SELF_BOND + DELEGATION, `and ${DELEGATION} delegated to it`);
  return life;
}

/** What was taken back comes back, all of it, when the unbonding time is over. */
async function takeBack(life: Life, delegator: NetworkNode): Promise<void> {
  const { network, operator } = life;
  const address = await network.address(delegator);
  await network.send(delegator, "staking", "unbond", operator, `${TAKEN_BACK}${DENOM}`);
  demand((await life.tokens()) === SELF_BOND + DELEGATION - TAKEN_BACK, `${TAKEN_BACK} left the validator`);
  const waiting = await network.balance(address);
  await network.until(async () => (await network.balance(address)) !== waiting, "the unbonding is over");
  demand((await network.balance(address)) === waiting + TAKEN_BACK, `${TAKEN_BACK} came back`);
}

/** Stops the node until the chain jails its validator, starts it again, and frees it. */
async function jailAndFree(life: Life, say: (line: string) => void): Promise<void> {
  const { network, node } = life;
  const before = await life.tokens();
  const expected = await life.cost(before, "slash_fraction_downtime");
  await node.terminate();
  await life.leavesSet("being away");
  const { jailed, tokens } = await life.validator();
  demand(jailed === true, "the validator that was away is jailed");
  demand(before - BigInt(tokens) === expected, `being away cost ${expected}, not ${before - BigInt(tokens)}`);
  say(`jailed for being away at ${await network.height()}, which cost ${expected} of ${before}`);

  node.start();
  await network.waitFor(await network.height(), [node]);
  const until = Date.parse((await life.signingInfo()).jailed_until);
  await network.until(async () => (await blockTime(network)) > until, "its time in jail is over");
  await network.send(node, "slashing", "unjail");
  await life.joinsSet();
  demand((await life.validator()).jailed !== true, "the validator is free");
  say(`unjailed and in the set again with power ${await life.power()}`);
}

/** What a node says that has met a signature of its key which it did not make. */
const KEY_ELSEWHERE = "another node signs with this key";

/**
 * Starts a second node with the validator's key and no memory of what it signed, told to sign without listening first: one of
 * the two notices the other and falls silent or stops, before they contradict each other.
 */
async function startTwin({ network, node }: Life, say: (line: string) => void): Promise<void> {
  const { twin } = network;
  const key = join("config", "priv_validator_key.json");
  copyFileSync(join(node.home.path, key), join(twin.home.path, key));
  rmSync(join(twin.home.path, "sign.journal"));
  twin.start({}, ["--consensus.double_sign_check_height", "0"]);
  const noticed = (one: NetworkNode): boolean => one.lines().some(({ msg }) => msg.includes(KEY_ELSEWHERE));
  await network.until(() => noticed(twin) || noticed(node), "one of the two notices the other");
  say(`${noticed(twin) ? "the second node with the key" : "the validator"} noticed the other and signs nothing`);
  await twin.kill();
}

/** The key signs against what its node signed, and the chain is told. */
async function signTwice(life: Life, say: (line: string) => void): Promise<void> {
  const { network, node } = life;
  const before = await life.tokens();
  const expected = await life.cost(before, "slash_fraction_double_sign");
  await startTwin(life, say);
  const keyFile = join(node.home.path, "config", "priv_validator_key.json");
  let height = (await network.height()) - 1;
  // It may have missed the last ones.
  while (!(await signSecondVote(network.entrance, network.chainId, keyFile, height))) height -= 1;
  await life.leavesSet("signing twice");
  const { jailed, tokens } = await life.validator();
  demand(jailed === true, "the validator that signed twice is jailed");
  demand(before - BigInt(tokens) === expected, `signing twice cost ${expected}, not ${before - BigInt(tokens)}`);
  demand((await life.signingInfo()).tombstoned === true, "its key is banned");
  say(`caught signing twice at ${await network.height()}, which cost ${expected} of ${before}; the key is banned`);

  const answer = await network.send(node, "slashing", "unjail").then(
    () => "done",
    (error: unknown) => (error instanceof TransactionFailed ? error.message : Promise.reject(error)),
  );
  demand(answer.includes("validator still jailed; cannot be unjailed"), `unjailing is refused: ${answer}`);
}

/** Operator and delegator take out what is left of theirs. */
async function leave(life: Life, delegator: NetworkNode, say: (line: string) => void): Promise<void> {
  const { network, node, operator } = life;
  const left = await Promise.all(
    [node, delegator].map(async (owner) => {
      const address = await network.address(owner);
      const { delegation_response } = await network.query<{ delegation_response: { balance: { amount: string } } }>(
        "staking",
        "delegation",
        address,
        operator,
      );
      return { owner, address, amount: BigInt(delegation_response.balance.amount) };
    }),
  );
  for (const { owner, amount } of left) await network.send(owner, "staking", "unbond", operator, `${amount}${DENOM}`);
  for (const { owner, address } of left) {
    await network.until(async () => {
      const answer = await network.query<{ unbonding_responses?: readonly unknown[] }>(
        "staking",
        "unbonding-delegations",
        address,
      );
      return (answer.unbonding_responses ?? []).length === 0;
    }, `what ${owner.name} unbonded comes back`);
  }
  const status = await life.validator().then(
    ({ status: now }) => now,
    (error: unknown) => (String(error).includes("does not exist") || String(error).includes("not found") ? "gone" : ""),
  );
  demand(status === "gone" || status === "BOND_STATUS_UNBONDED", `the validator is out of the chain: ${status}`);
  await node.terminate();
  say(`unbonded ${left.map(({ amount }) => amount).join(" and ")}; the validator is ${status}`);
}

export const validatorLife: Scenario = {
  name: "validator",
  run: async (network, say) => {
    const delegator = network.validators[0]!;
    const life = await create(network, delegator);
    say(`created and delegated to: power ${await life.power()} at ${await network.height()}`);
    await takeBack(life, delegator);
    say(`${TAKEN_BACK} unbonded and back`);
    await jailAndFree(life, say);
    await signTwice(life, say);
    await leave(life, delegator, say);
  },
};
